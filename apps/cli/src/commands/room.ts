import { userInfo } from 'node:os';
import type { Finding } from '@vigilia/protocol';
import { CommandClient, EXIT, Go2rtc, RoomEditor, type RoomOutcome, UsageError } from '@vigilia/service';
import { type Command, Option } from 'commander';
import { readBrokerState } from '../client/broker-state.ts';
import { type ConnectionFlags, withConnection } from '../client/connection-options.ts';
import { listRooms } from '../client/list-rooms.ts';
import { parseRoom } from '../client/parse-room.ts';
import { withProgress } from '../client/progress.ts';
import { roomsTable } from '../client/tables.ts';
import { describeFinding } from '../doctor/describe-finding.ts';
import { checkNewRoom } from '../rooms/check-new-room.ts';
import { confirm } from '../rooms/confirm.ts';
import { printLine, withBus } from './with-bus.ts';

interface RoomFlags extends ConnectionFlags {
  readonly by: string;
  readonly go2rtcUrl?: string;
}

interface SettingFlags extends RoomFlags {
  readonly address?: string;
  readonly name?: string | false;
  readonly ward?: string | false;
  readonly model?: string | false;
  readonly maxFps?: string | false;
}

interface AddFlags extends SettingFlags {
  readonly home?: string;
  readonly check: boolean;
  readonly streamServer?: string;
}

interface RemoveFlags extends RoomFlags {
  readonly yes?: boolean;
}

const answerWithinMs = 60_000;

/** `room list|add|set|move|remove`: which rooms are monitored, by which camera and which home. */
export function addRooms(program: Command): void {
  const room = program
    .command('room')
    .description('Add, change, move and remove rooms and their cameras')
    .addHelpText(
      'after',
      `
Examples:
  vigilia room list --json
  vigilia room add 8 --name "Room 8" --ward 2 --address rtsp://10.0.0.8/stream1
  vigilia room set 8 --name "Room 8, window" --max-fps 0.5
  vigilia room move 8 --home processor-b
  vigilia room remove 8

Name rooms by number or place. Never use the name of a resident: many people and services see the names of rooms.`,
    );
  withConnection(room.command('list'))
    .description('Show every room: its name, ward, home and who monitors it')
    .addHelpText('after', '\nExample:\n  vigilia room list')
    .action(list);
  withCamera(withRoomFlags(room.command('add <room>')))
    .description('Monitor another room, after a look at its camera')
    .option('--name <name>', 'what people call the room; never the name of a resident')
    .option('--ward <ward>', 'the ward that it belongs to')
    .option('--home <processor>', 'the processor that monitors it; the one with the least to do when not given')
    .option('--no-check', 'do not look at the camera before')
    .addOption(new Option('--stream-server <url>', 'where the room is without an address').env('STREAM_SERVER'))
    .addHelpText('after', '\nExample:\n  vigilia room add 8 --name "Room 8" --ward 2 --address rtsp://10.0.0.8/stream1')
    .action(add);
  withCamera(withRoomFlags(room.command('set <room>')))
    .description('Change the name, ward, camera, model or rate of a room')
    .option('--name <name>', 'what people call the room; never the name of a resident')
    .option('--no-name', 'the room has no name')
    .option('--ward <ward>', 'the ward that it belongs to')
    .option('--no-ward', 'it belongs to no ward')
    .option('--no-model', 'it has the model of the policy')
    .option('--no-max-fps', 'it has the rate of the policy')
    .addHelpText('after', '\nExample:\n  vigilia room set 8 --address rtsp://10.0.0.9/stream1')
    .action(set);
  withRoomFlags(room.command('move <room>'))
    .description('Give a room to another home; the present one lets go of it once the new one sees it')
    .requiredOption('--home <processor>', 'the processor that is to monitor it')
    .addHelpText('after', '\nExample:\n  vigilia room move 8 --home processor-b')
    .action((id: string, flags: RoomFlags & { readonly home: string }) =>
      change(flags, `moving room ${id}`, (rooms) =>
        rooms.move({ source_id: parseRoom(id), home: flags.home, by: flags.by, via: 'cli' }),
      ),
    );
  withRoomFlags(room.command('remove <room>'))
    .description('Do not monitor a room any more; asks before')
    .option('--yes', 'do not ask')
    .addHelpText('after', '\nExample:\n  vigilia room remove 8 --yes')
    .action(remove);
}

function withRoomFlags(command: Command): Command {
  return withConnection(command)
    .option('--by <name>', 'who changes it', userInfo().username)
    .addOption(
      new Option('--go2rtc-url <url>', 'API of go2rtc, which keeps the cameras and their passwords').env('GO2RTC_URL'),
    );
}

function withCamera(command: Command): Command {
  return command
    .option(
      '--address <url>',
      'its camera, such as rtsp://10.0.0.8/stream1; with a user and a password only where --go2rtc-url is given',
    )
    .option('--model <id>', 'a model of its own')
    .option('--max-fps <fps>', 'analysed frames per second of its own');
}

async function list(flags: ConnectionFlags): Promise<void> {
  const state = await withBus(flags, (bus, clock) => readBrokerState(bus, clock));
  printLine(flags, roomsTable(state), listRooms(state));
}

async function add(id: string, flags: AddFlags): Promise<void> {
  const sourceId = parseRoom(id);
  const { address, streamServer } = flags;
  const findings = flags.check
    ? await withProgress(`looking at the camera of room ${id}`, () =>
        checkNewRoom({ sourceId, address, streamServer, maxFps: rateOf(flags) }),
      )
    : [];
  if (flags.json !== true) {
    for (const finding of findings) {
      printLine(flags, describeFinding(finding), finding);
    }
  }
  if (findings.some(({ result }) => result === 'failed')) {
    const message = 'The room was not added, because its camera failed the check. Add it anyway with --no-check.';
    return report(flags, { ok: false, code: 'camera_check_failed', message, notes: [] }, findings);
  }
  const room = {
    source_id: sourceId,
    home: flags.home,
    name: flags.name || undefined,
    ward: flags.ward || undefined,
    model_id: flags.model || undefined,
    max_fps: rateOf(flags),
    by: flags.by,
    via: 'cli',
    address,
  } as const;
  await change(flags, `adding room ${id}`, (rooms) => rooms.add(room), findings);
}

async function set(id: string, flags: SettingFlags): Promise<void> {
  const room = {
    source_id: parseRoom(id),
    name: flags.name === false ? null : flags.name,
    ward: flags.ward === false ? null : flags.ward,
    model_id: flags.model === false ? null : flags.model,
    max_fps: flags.maxFps === false ? null : rateOf(flags),
    by: flags.by,
    via: 'cli',
    address: flags.address,
  } as const;
  await change(flags, `changing room ${id}`, (rooms) => rooms.set(room));
}

/** Asks the orchestrator for the consequence first, and a person whether it is meant. */
async function remove(id: string, flags: RemoveFlags): Promise<void> {
  const params = { source_id: parseRoom(id), by: flags.by, via: 'cli' } as const;
  await change(flags, undefined, async (rooms) => {
    if (flags.yes !== true) {
      const asked = await rooms.remove(params);
      if (asked.code !== 'confirmation_required') return asked;
      await confirm(`${asked.message} Remove it?`);
    }
    return rooms.remove({ ...params, confirmed: true });
  });
}

async function change(
  flags: RoomFlags,
  what: string | undefined,
  body: (rooms: RoomEditor) => Promise<RoomOutcome>,
  findings: readonly Finding[] = [],
): Promise<void> {
  const go2rtc = flags.go2rtcUrl === undefined ? undefined : new Go2rtc(checkedUrl(flags.go2rtcUrl));
  const run = (): Promise<RoomOutcome> =>
    withBus(flags, (bus, clock) =>
      body(new RoomEditor({ client: new CommandClient({ bus, clock }), go2rtc, waitMs: answerWithinMs })),
    );
  const outcome = what === undefined ? await run() : await withProgress(what, run);
  report(flags, outcome, findings);
}

function report(flags: RoomFlags, outcome: RoomOutcome, findings: readonly Finding[]): void {
  const value = { ...outcome, findings };
  printLine(flags, [outcome.message, ...outcome.notes].join('\n'), value);
  if (!outcome.ok) {
    process.exitCode = EXIT.failure;
  }
}

function checkedUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  throw new UsageError({
    code: 'invalid_settings',
    message: '--go2rtc-url is not an address such as http://127.0.0.1:1984.',
  });
}

/** @throws UsageError for what is not a rate */
function rateOf({ maxFps }: Pick<SettingFlags, 'maxFps'>): number | undefined {
  if (maxFps === undefined || maxFps === false) return undefined;
  const rate = Number(maxFps);
  if (rate >= 0.01 && rate <= 30) return rate;
  throw new UsageError({
    code: 'invalid_settings',
    message: `--max-fps must be a number from 0.01 to 30 (got ${maxFps}).`,
  });
}
