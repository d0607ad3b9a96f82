import type { Command } from 'commander';
import { createProgram } from './program.ts';
import { reportCommand, services } from './services.ts';

/** A command and everything below it. */
function tree(command: Command): Command[] {
  return [command, ...command.commands.flatMap(tree)];
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
}

const own = tree(createProgram()).filter((one) => !one.name().startsWith('__') && one.name() !== 'help');

describe('help', () => {
  test('of every command has an example', () => {
    // a service prints its own help, and its examples after it
    const without = own.filter((one) => !/Examples?:/.test(helpOf(one)) && !(one.name() in services));
    expect(without.map((one) => one.name())).toEqual(['start', 'report']);
    for (const { examples } of [...Object.values(services), reportCommand]) {
      expect(examples.length).toBeGreaterThan(0);
    }
  });

  test('of every command with a result has --json', () => {
    const silent = new Set([
      'vigilia',
      'models',
      'room',
      'zones',
      'alerts',
      'completion',
      'start',
      ...Object.keys(services),
    ]);
    const without = own.filter((one) => !silent.has(one.name()) && !one.options.some(({ long }) => long === '--json'));
    // it reads its own flags
    expect(without.map((one) => one.name())).toEqual(['report']);
    expect(reportCommand.words).toContain('--json');
  });
});
