import { commandNames } from '@vigilia/protocol';
import { createProgram } from '../program.ts';
import { complete } from './complete.ts';

const words = (...line: string[]): string[] => complete(createProgram(), line);

describe('completion offers', () => {
  test('the commands, and no hidden one', () => {
    expect(words('')).toEqual(expect.arrayContaining(['start', 'send', 'zones', 'sink', 'completion', 'help']));
    expect(words('').join()).not.toContain('__complete');
    expect(words('se')).toEqual(['send']);
  });

  test('commands of the protocol after send, its flags after a hyphen', () => {
    expect(words('send', '')).toEqual([...commandNames].sort());
    expect(words('send', 'set_fps', '--w')).toEqual(['--wait']);
    expect(words('send', '--to', 'a', 'set_f')).toEqual(['set_fps']);
  });

  test('subcommands of subcommands, and their flags', () => {
    expect(words('zones', 'r')).toEqual(['remove']);
    expect(words('zones', 'remove', '2', '--k')).toEqual(['--kind']);
    expect(words('models', '')).toEqual(['add', 'check', 'help', 'list']);
  });

  test('the values of a flag that has a few', () => {
    expect(words('zones', 'remove', '2', '--kind', 's')).toEqual(['sofa']);
    expect(words('resolve', '2', '--outcome', '')).toEqual([
      'drill',
      'false_alarm',
      'helped',
      'no_help_needed',
      'unknown',
    ]);
  });

  test('what a service takes, by either of its names', () => {
    expect(words('sink', 're')).toEqual(['replay', 'report']);
    expect(words('event-sink', 'rep')).toEqual(['replay', 'report']);
    expect(words('report', '--ht')).toEqual(['--html']);
    expect(words('start', '--on')).toEqual(['--once']);
  });

  test('nothing where only the person knows, so that the shell offers files', () => {
    expect(words('models', 'add', '')).toEqual([]);
    expect(words('send', '--param', '')).toEqual([]);
  });
});
