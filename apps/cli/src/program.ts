import { parseSettings } from '@vigilia/service';
import { Command } from 'commander';
import { addCare } from './commands/care.ts';
import { addDoctor } from './commands/doctor.ts';
import { addLooks } from './commands/look.ts';
import { addModels } from './commands/models.ts';
import { addSend } from './commands/send.ts';
import { addWatch } from './commands/watch.ts';
import { services } from './services.ts';
import { startSettings } from './start/start-settings.ts';

/** The command line `vigilia`. Services and `start` read their own flags; everything else is here. */
export function createProgram(): Command {
  const program = new Command('vigilia')
    .description('Watches every room cheaply, and gives the room of a fall the best model at once.')
    .helpCommand(true)
    .enablePositionalOptions()
    .showHelpAfterError('See vigilia --help.')
    .addHelpText(
      'after',
      `
Examples:
  vigilia start                     the demonstration: eight rooms, a fall, everything on this machine
  vigilia start --once              once through its story, then end
  vigilia processor --streams 0 --enable-control --max-fps 0.1
  vigilia send set_fps --param max_fps=1 --wait
  vigilia ack 2 --by Ana

Exit codes: 0 done, 1 it failed, 2 a wrong flag or value, 3 another process took over the session, 130 interrupted.`,
    );
  passThrough(program, 'start', 'Start the whole house on this machine', async (argv) => {
    const settings = parseSettings(startSettings, argv, process.env);
    const { runStart } = await import('./start/run-start.ts');
    const { untilSignal } = await import('./start/until-signal.ts');
    process.exit(await untilSignal((signal) => runStart(settings, signal)));
  });
  for (const [name, { summary, load }] of Object.entries(services)) {
    passThrough(program, name, summary, async (argv) => {
      const app = await load();
      await app.main(argv, process.env);
    });
  }
  addSend(program);
  addLooks(program);
  addWatch(program);
  addCare(program);
  addModels(program);
  addDoctor(program);
  return program;
}

/** A subcommand that gets everything after its name, `--help` included. */
function passThrough(
  program: Command,
  name: string,
  summary: string,
  run: (argv: readonly string[]) => Promise<void>,
): void {
  program
    .command(`${name} [arguments...]`)
    .summary(summary)
    .description(summary)
    .allowUnknownOption()
    .helpOption(false)
    .passThroughOptions()
    .action((argv: string[]) => run(argv));
}
