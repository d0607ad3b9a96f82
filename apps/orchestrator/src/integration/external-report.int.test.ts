import { mkdir, writeFile } from 'node:fs/promises';
import { createTopics, type OrchestratorStatus, type RoomState, type VigiliaEvent } from '@vigilia/protocol';
import type { Bus } from '@vigilia/service';
import {
  eventually,
  ffmpegPath,
  makeClip,
  makeModel,
  requires,
  spawnTypeScript,
  type TempFolder,
  type TypeScriptProcess,
  tempFolder,
} from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { endRegistered } from '../runtime/end-registered.ts';
import { entryOf } from './start-house.ts';

const topics = createTopics();
const home = 'processor-a';
/** The person of the clip stands until then, and lies from then on, s. */
const fallsAtSeconds = 45;
/** The home analyses the room so rarely that only the report makes it look, frames per second. */
const homeFps = 0.01;
/** The dedicated processor sees so few frames that it cannot find the fall by itself while the home looks back, frames per second. */
const incidentFps = 0.2;
const startMs = 120_000;

/** Broker rules, orchestrator, home and dedicated processor are as they are shipped; the sensor is played with its user. */
requires('ffmpeg', 'mosquitto')('a fall that a sensor reports between two frames of a quiet room', () => {
  let broker: RoleBroker;
  let folder: TempFolder;
  let operator: Bus;
  let sensor: Bus;
  let clipEpochMs: number;
  const running: TypeScriptProcess[] = [];
  const events: VigiliaEvent[] = [];
  const rooms: RoomState[] = [];
  let status: OrchestratorStatus | undefined;

  const lastLines = (): string => running.map(({ stdout }) => stdout().slice(-3000)).join('\n');

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startRoleBroker(), tempFolder('external-report')]);
    await mkdir(folder.file('models'));
    const standing = { x1: 140, y1: 80, x2: 180, y2: 230 };
    const lying = { x1: 80, y1: 180, x2: 240, y2: 230 };
    const scenes = { size: 320, boxes: [standing], brightBoxes: [lying], brightness: 0.5 };
    await makeModel({ file: folder.file('models/scene.onnx'), ...scenes });
    const pattern = [
      { seconds: fallsAtSeconds, level: 20 },
      { seconds: 240, level: 220 },
    ];
    await makeClip({ file: folder.file('2.mp4'), size: '320x180', fps: 5, gop: 5, pattern });
    const policy = {
      quiet: { model_id: 'scene', max_fps: homeFps },
      incident: { model_id: 'scene', max_fps: incidentFps },
      rooms: { 2: { home, zones: [] } },
    };
    await writeFile(folder.file('policy.yaml'), JSON.stringify(policy));
    operator = await broker.connectUnbound();
    await operator.subscribe(topics.eventAny, (message) => void events.push(message.json() as VigiliaEvent));
    await operator.subscribe(topics.room(2), (message) => void rooms.push(message.json() as RoomState));
    await operator.subscribe(topics.orchestratorStatus, (message) => {
      status = message.json() as OrchestratorStatus;
    });
    sensor = await broker.connect('sensor');
    clipEpochMs = Date.now();
    await startHomeAndOrchestrator();
  });
  afterAll(async () => {
    for (const { child } of running) {
      child.kill('SIGTERM');
    }
    await Promise.all(running.map(({ ended }) => ended));
    await endRegistered(folder.file('data'));
    await sensor?.stop();
    await operator?.stop();
    await broker?.stop();
    await folder?.remove();
  });

  const startHomeAndOrchestrator = async (): Promise<void> => {
    const env = {
      PATH: process.env.PATH ?? '',
      MODELS_DIR: folder.file('models'),
      MEDIA_DIR: folder.path,
      STREAM_SERVER: `file://${folder.path}/{source_id}.mp4`,
      CLIP_CLOCK: String(clipEpochMs),
      FROZEN_AFTER: '0',
      MODEL: 'scene',
      MODEL_THREADS: '1',
      ENABLE_CONTROL: 'true',
      KEEP_PACKETS: '45',
      FFMPEG_BIN: ffmpegPath() ?? 'ffmpeg',
      PROCESSOR_MQTT_URL: broker.url('processor'),
      PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
    };
    const credentials = async (user: string, url: string) => ({
      MQTT_URL: url,
      MQTT_USERNAME: user,
      MQTT_PASSWORD: await broker.password(user),
    });
    const homeEnv = { ...env, ...(await credentials(home, broker.url('processor'))) };
    const homeFlags = ['--instance-id', home, '--streams', '2', '--max-fps', String(homeFps)];
    running.push(spawnTypeScript(entryOf('processor'), homeFlags, { env: homeEnv }));
    const leaderEnv = { ...env, ...(await credentials('orchestrator', broker.url('orchestrator'))) };
    const data = ['--data-dir', folder.file('data'), '--processor-entry', entryOf('processor')];
    const flags = ['--policy', folder.file('policy.yaml'), '--health-port', '0', ...data];
    running.push(spawnTypeScript(entryOf('orchestrator'), flags, { env: leaderEnv }));
    await eventually(
      () => {
        if (status?.status !== 'acting' || rooms.at(-1)?.watcher !== home) throw new Error(lastLines());
      },
      { timeoutMs: startMs },
    );
  };

  it('is found in what the camera has sent, dated, and known to the dedicated processor that takes over', async () => {
    const fellMs = clipEpochMs + fallsAtSeconds * 1000;
    expect(Date.now()).toBeLessThan(fellMs);
    await eventually(() => expect(Date.now()).toBeGreaterThan(fellMs + 6000), { timeoutMs: startMs });
    expect(events.filter(({ event }) => event?.startsWith('fall_'))).toEqual([]);
    await sensor.publish(topics.event('fall_detected'), { source_id: 2 });
    const near = (at: string | undefined): number => Math.abs(Date.parse(at ?? '') - fellMs);
    const alarm = await eventually(
      () => {
        const found = events.find(({ event, evidence }) => event === 'fall_detected' && evidence !== undefined);
        if (found === undefined) throw new Error(lastLines());
        return found;
      },
      { timeoutMs: 60_000 },
    );
    expect(lastLines()).toContain('looked_back');
    expect(alarm.evidence).toMatchObject({ look_back: true, observed: true, abrupt: true });
    expect(near(alarm.detected_at)).toBeLessThan(1500);
    await eventually(
      () => {
        const room = rooms.at(-1);
        expect(room).toMatchObject({ watcher: `${home}_1`, fall: { state: 'alarm', trace_id: alarm.trace_id } });
        expect(near(room?.fall.low_since)).toBeLessThan(1500);
      },
      { timeoutMs: 60_000 },
    );
    const known = events.filter(({ event, evidence }) => event?.startsWith('fall_') && evidence !== undefined);
    expect(new Set(known.map(({ trace_id }) => trace_id))).toEqual(new Set([alarm.trace_id]));
  });
});
