import { type Zone, zoneKinds } from '@vigilia/protocol';
import { EXIT, UsageError } from '@vigilia/service';
import { type Command, Option } from 'commander';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { parseRoom } from '../client/parse-room.ts';
import { parseSeconds } from '../client/parse-seconds.ts';
import { withProgress } from '../client/progress.ts';
import { checkShapes, zoneOfText, zonesOfFile } from '../zones/read-zones.ts';
import { describeZones, type ZonesOfRoom } from '../zones/room-zones.ts';
import { ZonesClient } from '../zones/set-zones.ts';
import { printLine, withBus } from './with-bus.ts';

interface SetFlags extends ConnectionFlags {
  readonly zone: readonly string[];
  readonly timeout: string;
}

interface RemoveFlags extends ConnectionFlags {
  readonly kind?: string;
  readonly name?: string;
  readonly timeout: string;
}

/** `zones ROOM`, `zones set ROOM [FILE]`, `zones remove ROOM`. */
export function addZones(program: Command): void {
  const zones = program
    .command('zones')
    .description('Where the bed, the sofa, mats and exits of a room are')
    .addHelpText(
      'after',
      `
Examples:
  vigilia zones 2                                  the zones of room 2
  vigilia zones 2 --json > room-2.json             a file that "zones set" takes
  vigilia zones set 2 room-2.yaml
  vigilia zones set 2 --zone "bed:0.1,0.2 0.4,0.2 0.4,0.6 0.1,0.6" --zone "exit=Door:0.8,0.1 0.9,0.1 0.9,0.5"
  vigilia zones remove 2 --kind exit`,
    );
  withConnection(zones.command('show <room>', { isDefault: true }))
    .description('Show the zones of a room, in the form that --zone takes')
    .addHelpText('after', '\nExample:\n  vigilia zones show 2')
    .action(show);
  withConnection(zones.command('set <room> [file]'))
    .description('Set the zones of a room, from a YAML or JSON file or one by one; they replace the ones it has')
    .option(
      '--zone <kind[=name]:x,y…>',
      'a polygon in shares (0 to 1) of the picture; may be given more than once',
      gather,
      [],
    )
    .addOption(timeoutOption())
    .addHelpText(
      'after',
      '\nExamples:\n  vigilia zones set 2 room-2.yaml\n  vigilia zones set 2 --zone "bed:0.1,0.2 0.4,0.2 0.4,0.6"',
    )
    .action((room: string, file: string | undefined, flags: SetFlags) => {
      const wanted = wantedZones(file, flags.zone);
      return change(room, flags, () => wanted);
    });
  withConnection(zones.command('remove <room>'))
    .description('Remove the zones of a room: all of them, those of a kind, or the one of a name')
    .addOption(new Option('--kind <kind>', 'only these').choices(zoneKinds))
    .option('--name <name>', 'only this one')
    .addOption(timeoutOption())
    .addHelpText('after', '\nExamples:\n  vigilia zones remove 2\n  vigilia zones remove 2 --name Door')
    .action((room: string, flags: RemoveFlags) => change(room, flags, (known) => remaining(known, flags)));
}

function timeoutOption(): Option {
  return new Option('--timeout <seconds>', 'how long to wait for the processor').default('45');
}

async function show(roomText: string, flags: ConnectionFlags): Promise<void> {
  const room = parseRoom(roomText);
  const known = await withBus(flags, (bus, clock) => new ZonesClient({ bus, clock, room, waitMs: 0 }).read());
  const zones = known.inForce ?? known.desired;
  printLine(flags, describeZones(room, known), {
    source_id: room,
    zones: zones ?? null,
    watchers: known.watchers,
    desired: known.desired ?? null,
  });
}

async function change(
  roomText: string,
  flags: ConnectionFlags & { timeout: string },
  next: (known: ZonesOfRoom) => readonly Zone[],
): Promise<void> {
  const room = parseRoom(roomText);
  const waitMs = parseSeconds(flags.timeout) * 1000;
  const outcome = await withProgress(`waiting for room ${room}`, () =>
    withBus(flags, async (bus, clock) => {
      const client = new ZonesClient({ bus, clock, room, waitMs });
      const known = await client.read();
      return client.set(next(known), known);
    }),
  );
  printLine(flags, outcome.text, outcome);
  if (!outcome.ok) {
    process.exitCode = EXIT.failure;
  }
}

function wantedZones(file: string | undefined, texts: readonly string[]): Zone[] {
  if ((file === undefined) !== (texts.length === 0))
    return checkShapes(file === undefined ? texts.map(zoneOfText) : zonesOfFile(file));
  throw new UsageError({
    code: 'invalid_settings',
    message: 'Give the zones either in a file or with --zone.',
    remedy: 'See vigilia zones set --help; "vigilia zones remove ROOM" takes them away.',
  });
}

function remaining(known: ZonesOfRoom, { kind, name }: RemoveFlags): readonly Zone[] {
  const zones = known.inForce ?? known.desired ?? [];
  const goes = (zone: Zone): boolean =>
    (kind === undefined || zone.kind === kind) && (name === undefined || zone.name === name);
  if (zones.some(goes) || (kind === undefined && name === undefined)) return zones.filter((zone) => !goes(zone));
  throw new UsageError({
    code: 'unknown_zone',
    message: 'The room has no such zone.',
    remedy: 'See "vigilia zones ROOM".',
  });
}

function gather(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
