import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTopics, type OrchestratorStatus, type Status } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  eventually,
  ffmpegPath,
  makeClip,
  makeModel,
  type RtspCameras,
  repoRoot,
  requires,
  spawnTypeScript,
  startRtspCameras,
  type TempFolder,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import type { ListedRoom } from '../client/list-rooms.ts';

const topics = createTopics();
const entryOf = (app: string): string => join(repoRoot, 'apps', app, 'src', 'main.ts');
const policy = {
  quiet: { model_id: 'light', max_fps: 1 },
  rooms: { 0: { home: 'processor-a' }, 1: { home: 'processor-a' }, 4: { home: 'processor-b' } },
};

interface Answer {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Real processors, orchestrator and broker with the shipped roles, cameras behind go2rtc's API, and the command line as an operator. */
requires('mosquitto', 'rtsp')('a technician adds a room from the command line', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let cameras: RtspCameras;
  let seen: Bus;
  const services: TypeScriptProcess[] = [];
  /** Every payload on the broker. */
  const heard: string[] = [];
  /** The rooms that each processor lists. */
  const listed = new Map<string, readonly number[]>();
  let acts = false;
  const detectedBy = new Map<number, string>();

  const sourceOf = async (room: number): Promise<string | undefined> => {
    const streams = (await (await fetch(`${cameras.apiUrl}/api/streams`)).json()) as Record<
      string,
      { producers: { url: string }[] }
    >;
    return streams[String(room)]?.producers[0]?.url;
  };
  const watchersOf = (room: number): string[] =>
    [...listed].flatMap(([name, rooms]) => (rooms.includes(room) ? [name] : [])).sort();
  const vigilia = async (...args: string[]): Promise<Answer> => {
    const env = {
      ...process.env,
      MQTT_URL: broker.url('operator'),
      MQTT_USERNAME: 'operator',
      MQTT_PASSWORD: await broker.password('operator'),
      FFMPEG_BIN: ffmpegPath() ?? 'ffmpeg',
    };
    const run = spawnTypeScript(entryOf('cli'), args, { env });
    const { code } = await run.ended;
    return { code, output: run.stdout(), errors: run.stderr() };
  };
  const withGo2rtc = (...args: string[]) => vigilia(...args, '--go2rtc-url', cameras.apiUrl);

  async function startService(app: string, user: string, args: readonly string[]): Promise<void> {
    const env = {
      ...process.env,
      MQTT_URL: broker.url(user.startsWith('processor-') ? 'processor' : 'orchestrator'),
      MQTT_USERNAME: user,
      MQTT_PASSWORD: await broker.password(user),
      PROCESSOR_MQTT_URL: broker.url('processor'),
      PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
      MODELS_DIR: folder.file('models'),
      MODEL: 'light',
      MODEL_THREADS: '1',
      STREAM_SERVER: cameras.url,
      FROZEN_AFTER: '0',
      FFMPEG_BIN: ffmpegPath() ?? 'ffmpeg',
    };
    services.push(spawnTypeScript(entryOf(app), args, { env }));
  }

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startRoleBroker(), tempFolder('rooms')]);
    await mkdir(folder.file('models'));
    await makeModel({ file: folder.file('models/light.onnx'), size: 320 });
    const clip = folder.file('room.mp4');
    await makeClip({ file: clip, size: '320x240', fps: 5, seconds: 10, gop: 5 });
    cameras = await startRtspCameras({ 0: clip, 1: clip, 4: clip, new: clip, other: clip });
    await writeFile(folder.file('policy.yaml'), JSON.stringify(policy));
    seen = await broker.connectUnbound();
    await seen.subscribe('#', (message) => {
      heard.push(message.payload.toString());
      if (message.topic.startsWith('nvr/detections/')) {
        const { source_id, instance_id } = message.json() as { source_id: number; instance_id: string };
        detectedBy.set(source_id, instance_id);
      }
    });
    await seen.subscribe(topics.orchestratorStatus, (message) => {
      acts = (message.json() as OrchestratorStatus).status === 'acting';
    });
    await seen.subscribe(topics.statusAny, (message) => {
      const { instance_id, streams } = message.json() as Status;
      if (streams !== undefined) {
        listed.set(
          instance_id,
          streams.map(({ source_id }) => source_id),
        );
      }
    });
    const home = (name: string, rooms: string) =>
      startService('processor', name, [
        '--instance-id',
        name,
        '--streams',
        rooms,
        '--max-fps',
        '1',
        '--enable-control',
      ]);
    await home('processor-a', '0,1');
    await home('processor-b', '4');
    const files = ['--policy', folder.file('policy.yaml'), '--data-dir', folder.file('data'), '--health-port', '0'];
    await startService('orchestrator', 'orchestrator', files);
    const orchestrator = services.at(-1);
    await eventually(() => expect([...detectedBy.keys()].sort()).toEqual([0, 1, 4]), { timeoutMs: 120_000 });
    await eventually(
      () => {
        if (!acts) throw new Error(`the orchestrator does not act: ${orchestrator?.stdout().slice(-2000)}`);
      },
      { timeoutMs: 120_000 },
    );
  });

  afterAll(async () => {
    for (const { child } of services) {
      child.kill('SIGTERM');
    }
    await Promise.all(services.map(({ ended }) => ended));
    await seen?.stop();
    await cameras?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  test('the camera is checked, its password stays in go2rtc, and one home monitors the room', async () => {
    const address = `${cameras.url.replace('://', '://admin:s3cret@')}/new`;
    const added = await withGo2rtc('room', 'add', '8', '--name', 'Lounge', '--ward', '2', '--address', address);
    expect(added).toEqual({ code: 0, errors: '', output: expect.stringContaining('320 × 240') });
    expect(added.output).toMatch(/Room 8 \(Lounge, 2\) is given to processor-b, which has the least to do \(1 of 3/);
    expect(await sourceOf(8)).toBe(address);
    await eventually(() => expect(detectedBy.get(8)).toBe('processor-b'), { timeoutMs: 60_000 });
    await eventually(() => expect(watchersOf(8)).toEqual(['processor-b']));
    const { output } = await vigilia('room', 'list', '--json');
    const room = (JSON.parse(output) as ListedRoom[]).find(({ source_id }) => source_id === 8);
    expect(room).toMatchObject({ name: 'Lounge', ward: '2', home: 'processor-b', monitored_by: ['processor-b'] });
    expect(heard.filter((payload) => payload.includes('s3cret'))).toEqual([]);
    expect(added.output).not.toContain('s3cret');
  });

  test('a room that exists is not added twice, and the camera that it has stays', async () => {
    const before = await sourceOf(4);
    const address = `${cameras.url}/other`;
    const refused = await withGo2rtc('room', 'add', '4', '--no-check', '--address', address, '--json');
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.output)).toMatchObject({ ok: false, code: 'stream_exists' });
    expect(await sourceOf(4)).toBe(before);
  });

  test('an address with a password is refused where no go2rtc keeps it, before anything is sent', async () => {
    const count = heard.length;
    const args = ['room', 'add', '9', '--no-check', '--address', 'rtsp://admin:s3cret@10.0.0.9/1', '--json'];
    const refused = await vigilia(...args);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.output)).toMatchObject({ code: 'address_has_credentials', field: 'address' });
    expect(`${refused.output}${refused.errors}`).not.toContain('s3cret');
    expect(heard.slice(count).filter((payload) => payload.includes('add_room'))).toEqual([]);
  });

  test('another camera replaces the one that a room has, without a change of the room', async () => {
    const address = `${cameras.url}/other`;
    const replaced = await withGo2rtc('room', 'set', '8', '--address', address, '--name', 'Lounge, window');
    expect(replaced).toEqual({ code: 0, errors: '', output: expect.stringContaining('has another camera') });
    expect(await sourceOf(8)).toBe(address);
    expect(watchersOf(8)).toEqual(['processor-b']);
    // a stream that was opened anew has no frame yet
    await eventually(
      async () => expect((await vigilia('rooms')).output).toMatch(/^8 +Lounge, window +2 +processor-b +watching/m),
      { timeoutMs: 60_000 },
    );
  });

  test('a room moves, and is removed only after a confirmation that names the consequence', async () => {
    const moved = await vigilia('room', 'move', '8', '--home', 'processor-a');
    expect(moved).toMatchObject({ code: 0, output: expect.stringContaining('until processor-a sees it') });
    await eventually(() => expect(watchersOf(8)).toEqual(['processor-a']), { timeoutMs: 60_000 });
    const asked = await withGo2rtc('room', 'remove', '8');
    expect(asked.code).toBe(2);
    expect(asked.errors).toContain('After its removal falls in it are not reported');
    expect(asked.errors).toContain('--yes');
    expect(watchersOf(8)).toEqual(['processor-a']);
    const removed = await withGo2rtc('room', 'remove', '8', '--yes');
    expect(removed).toEqual({ code: 0, errors: '', output: 'Room 8 is not monitored any more from now on.\n' });
    await eventually(() => expect(watchersOf(8)).toEqual([]));
    expect(await sourceOf(8)).toBeUndefined();
    expect((await vigilia('room', 'list')).output).not.toMatch(/^8 /m);
  });
});
