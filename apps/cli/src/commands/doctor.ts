import type { Finding } from '@vigilia/protocol';
import { streamAddress } from '@vigilia/protocol';
import { EXIT, redactDeep, redactUrl } from '@vigilia/service';
import { type Command, Option } from 'commander';
import { type ConnectionFlags, connectionOf, withConnection } from '../client/connection-options.ts';
import { withProgress } from '../client/progress.ts';
import type { PeopleFinder } from '../doctor/people-finder.ts';
import type { RoomToCheck } from '../doctor/room-survey.ts';
import { repoRoot } from '../repo-root.ts';
import { parseRoomsFlag } from '../start/room-list.ts';

interface DoctorFlags extends ConnectionFlags {
  readonly rooms?: string;
  readonly streamServer: string;
  /** The address of the cameras was given. */
  readonly serverGiven: boolean;
  readonly mediaDir: string;
  readonly model: string;
  readonly modelsDir: string;
  readonly maxFps: string;
  readonly dataDir: string;
  readonly elasticsearchUrl?: string;
}

/** `doctor`: everything an installation stands on, each failure with its remedy; exit code 1 when something failed. */
export function addDoctor(program: Command): void {
  withConnection(program.command('doctor'))
    .description('Check ffmpeg, model, broker, cameras, disk and clock, and show what to do')
    .option('--rooms <list>', 'cameras to look at, such as 0-7; without it those of the running house')
    .addOption(
      new Option('--stream-server <url>', 'where they are')
        .env('STREAM_SERVER')
        .default(`file://${repoRoot()}/demo/rooms/{source_id}.mp4`),
    )
    .addOption(
      new Option('--media-dir <dir>', 'folder that file addresses must stay in')
        .env('MEDIA_DIR')
        .default(`${repoRoot()}/demo/rooms`),
    )
    .addOption(new Option('--model <id>', 'model for quiet times').env('MODEL').default('movenet'))
    .addOption(
      new Option('--models-dir <dir>', 'folder of <id>.onnx files')
        .env('MODELS_DIR')
        .default(`${repoRoot()}/.cache/vigilia/models`),
    )
    .option('--max-fps <fps>', 'rate to reckon with', '0.1')
    .option('--data-dir <dir>', 'where events will be kept', '.')
    .addOption(new Option('--elasticsearch-url <url>', 'the Elasticsearch node').env('ELASTICSEARCH_URL'))
    .addHelpText('after', '\nExample:\n  vigilia doctor --stream-server rtsp://host:8554 --rooms 0-7')
    .action(async (given: Omit<DoctorFlags, 'serverGiven'>, command: Command) => {
      const flags = { ...given, serverGiven: command.getOptionValueSource('streamServer') !== 'default' };
      const findings: Finding[] = [];
      const { describeFinding } = await import('../doctor/describe-finding.ts');
      for await (const finding of diagnose(flags)) {
        findings.push(finding);
        if (flags.json !== true) {
          process.stdout.write(`${redactUrl(describeFinding(finding))}\n`);
        }
      }
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify(redactDeep(findings))}\n`);
      }
      if (findings.some((finding) => finding.result === 'failed')) {
        process.exitCode = EXIT.failure;
      }
    });
}

/** One after another, so that they do not slow each other down and people see them come. */
async function* diagnose(flags: DoctorFlags): AsyncGenerator<Finding> {
  const { PeopleFinder } = await import('../doctor/people-finder.ts');
  const people = new PeopleFinder({ modelsDir: flags.modelsDir, modelId: flags.model });
  try {
    for (const [what, check] of await checksFor(flags, people)) {
      const found = await withProgress(`looking at ${what}`, check);
      yield* 'check' in found ? [found] : found;
    }
  } finally {
    await people.stop();
  }
}

type Check = readonly [what: string, check: () => Promise<Finding | readonly Finding[]>];

async function checksFor(flags: DoctorFlags, people: PeopleFinder): Promise<Check[]> {
  const machine = await import('../doctor/check-machine.ts');
  const { checkBroker, checkElasticsearch } = await import('../doctor/check-services.ts');
  const { checkClock } = await import('../doctor/check-clock.ts');
  const { checkModelSpeed } = await import('../doctor/check-model.ts');
  const picture = `${repoRoot()}/demo/stills/still-standing.png`;
  const { modelsDir, model: modelId } = flags;
  return [
    ['ffmpeg', machine.checkFfmpeg],
    ['the model', () => checkModelSpeed({ modelsDir, modelId, picture, maxFps: Number(flags.maxFps) })],
    ['the broker', () => checkBroker(connectionOf(flags, process.env))],
    ...(await cameraChecks(flags, people)),
    ['Docker', machine.checkDocker],
    ['Elasticsearch', () => checkElasticsearch(flags.elasticsearchUrl)],
    ['the disk', () => machine.checkDisk(flags.dataDir)],
    ['the memory', async () => machine.checkMemory()],
    ['the clock', () => checkClock(connectionOf(flags, process.env))],
  ];
}

async function cameraChecks(flags: DoctorFlags, people: PeopleFinder): Promise<Check[]> {
  const { mediaDir } = flags;
  const rooms = await roomsToCheck(flags);
  if (rooms.length === 0) return [['the cameras', async () => noCameras]];
  const { checkRoom } = await import('../doctor/check-room.ts');
  return rooms.map((room) => [`room ${room.sourceId}`, () => checkRoom(room, { mediaDir, people })]);
}

/** The rooms of the flags, else those of the running site; with their settings there, so that they are seen as processors see them. */
async function roomsToCheck(flags: DoctorFlags): Promise<RoomToCheck[]> {
  const { roomsOfHouse } = await import('../doctor/rooms-of-house.ts');
  const wanted = flags.rooms === undefined ? undefined : parseRoomsFlag(flags.rooms);
  const known = await roomsOfHouse(connectionOf(flags, process.env));
  return (wanted ?? [...known.keys()]).map((sourceId) => {
    const room = known.get(sourceId);
    const address = flags.serverGiven ? undefined : room?.address;
    return {
      sourceId,
      address: address ?? streamAddress(flags.streamServer, sourceId),
      view: room?.view ?? { aspect: undefined, rotate: 0 },
      maxFps: room?.maxFps ?? Number(flags.maxFps),
      zones: room?.zones,
      settingsKnown: room !== undefined,
    };
  });
}

const noCameras: Finding = {
  check: 'cameras',
  result: 'skipped',
  detail: 'no rooms were given, and no running site was found',
  remedy: 'Give --rooms 0-7 and --stream-server to have the camera of each room checked.',
};
