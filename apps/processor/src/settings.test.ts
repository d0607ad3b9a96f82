import { commandDescriptors, commandNames } from '@vigilia/protocol';
import { ExitRequest, parseSettings } from '@vigilia/service';
import { settingsSpec } from './settings.ts';

test('the help of a processor lists every command with its summary, below the flags', () => {
  let shown = '';
  const write = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array) => {
    shown += String(text);
    return true;
  };
  try {
    expect(() => parseSettings(settingsSpec, ['--help'], {})).toThrow(ExitRequest);
  } finally {
    process.stdout.write = write;
  }
  const [flags = '', commands = ''] = shown.split('Commands on the MQTT topic nvr/control/commands');
  expect(flags).toContain('--streams <ids>');
  const listed = commands
    .split('\n')
    .flatMap((line) => /^ {2}(\w+) {2,}(\S.*)$/.exec(line)?.slice(1, 3).join(': ') ?? []);
  expect(listed).toEqual(commandNames.map((name) => `${name}: ${commandDescriptors[name].summary}`));
});
