import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTopics, type OrchestratorStatus } from '@vigilia/protocol';
import { endProcess } from '@vigilia/service';
import {
  eventually,
  ffmpegPath,
  freePort,
  makeClip,
  makeModel,
  repoRoot,
  spawnTypeScript,
  type TypeScriptProcess,
  tempFolder,
  typeScriptArgs,
} from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import type { Run } from './run-vigilia.ts';

const topics = createTopics();
const entryOf = (app: string): string => join(repoRoot, 'apps', app, 'src', 'main.ts');
const limit = { timeoutMs: 60_000 };

/** Two rooms of one home; no dedicated processor is started. */
const policy = {
  quiet: { model_id: 'light', max_fps: 1 },
  incident: { model_id: 'light', max_fps: 1 },
  limits: { max_dedicated: 0 },
  rooms: { 0: { home: 'processor-a' }, 1: { home: 'processor-a' } },
};

/** A machine that has nothing of a site yet: a broker with the shipped roles, and folders that services make themselves. */
export interface Machine {
  readonly broker: RoleBroker;
  /** A path below its folder. */
  file(name: string): string;
  /** Adds an account of the console. */
  addUser(name: string, password: string): Promise<void>;
  /** Starts home, orchestrator, event sink and console; resolves when the orchestrator acts and people can open the page. */
  startServices(): Promise<void>;
  /** The HTTP status of a sign-in. */
  signIn(name: string, password: string): Promise<number>;
  /** Runs the command line as a role of the broker. */
  vigilia(role: 'operator' | 'orchestrator', ...args: string[]): Promise<Run>;
  stopServices(): Promise<void>;
  stop(): Promise<void>;
}

export async function startMachine(): Promise<Machine> {
  const [broker, folder, port] = [await startRoleBroker(), await tempFolder('machine'), await freePort()];
  const { file } = folder;
  await mkdir(file('media'));
  await mkdir(file('models'));
  await makeModel({ file: file('models/light.onnx'), size: 320 });
  await makeClip({ file: file('media/room.mp4'), size: '320x240', fps: 5, seconds: 10, gop: 5 });
  await writeFile(file('policy.yaml'), JSON.stringify(policy));
  await writeFile(file('index.html'), '');
  const users = ['--users-file', file('console/users.json')];
  const environment = async (user: string, url: string) => ({
    ...process.env,
    MQTT_URL: url,
    MQTT_USERNAME: user,
    MQTT_PASSWORD: await broker.password(user),
    PROCESSOR_MQTT_URL: broker.url('processor'),
    PROCESSOR_MQTT_PASSWORD: await broker.password('processor-a_1'),
    MODELS_DIR: file('models'),
    MEDIA_DIR: file('media'),
    STREAM_SERVER: `file://${file('media')}/room.mp4?{source_id}`,
    FROZEN_AFTER: '0',
    HEALTH_PORT: '0',
    MODEL: 'light',
    MODEL_THREADS: '1',
    FFMPEG_BIN: ffmpegPath() ?? 'ffmpeg',
  });
  const services: TypeScriptProcess[] = [];
  const start = async (app: string, user: string, args: readonly string[]): Promise<void> => {
    const url = broker.url(app === 'processor' ? 'processor' : 'orchestrator');
    services.push(spawnTypeScript(entryOf(app), args, { env: await environment(user, url) }));
  };
  const post = (body: object): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const stopServices = async (): Promise<void> => {
    await Promise.all(services.splice(0).map(({ child }) => endProcess(child, { graceMs: 20_000 })));
  };
  return {
    broker,
    file,
    addUser: async (name, password) => {
      const args = ['add-user', ...users, '--name', name, '--display-name', name, '--role', 'technician'];
      const added = promisify(execFile)(process.execPath, [...typeScriptArgs, entryOf('console'), ...args]);
      added.child.stdin?.end(`${password}\n`);
      await added;
    },
    startServices: async () => {
      const home = ['--instance-id', 'processor-a', '--streams', '0,1', '--enable-control'];
      await start('processor', 'processor-a', [...home, '--max-fps', '1', '--state-dir', file('processor-a')]);
      const sink = ['--spool-dir', file('spool'), '--ndjson-dir', file('events'), '--reports-dir', file('reports')];
      await start('event-sink', 'sink', sink);
      await start('console', 'console', [...users, '--port', `${port}`, '--page-dir', file('')]);
      await start('orchestrator', 'orchestrator', ['--policy', file('policy.yaml'), '--data-dir', file('data')]);
      await untilActing(broker, () => services.map((one) => `${one.stdout().slice(-1500)}${one.stderr()}`).join('\n'));
      await eventually(() => post({ name: 'unknown', password: 'none' }), limit);
    },
    signIn: async (name, password) => (await post({ name, password })).status,
    vigilia: async (role, ...args) => {
      const run = spawnTypeScript(entryOf('cli'), args, { env: await environment(role, broker.url(role)) });
      const { code } = await run.ended;
      return { code: code ?? -1, output: run.stdout(), errors: run.stderr() };
    },
    stopServices,
    stop: async () => {
      await stopServices();
      await broker.stop();
      await folder.remove();
    },
  };
}

/** @param logs shown when it does not come to that */
async function untilActing(broker: RoleBroker, logs: () => string): Promise<void> {
  const bus = await broker.connectUnbound();
  let acts = false;
  try {
    await bus.subscribe(topics.orchestratorStatus, (message) => {
      acts = (message.json() as OrchestratorStatus).status === 'acting';
    });
    await eventually(() => {
      if (!acts) throw new Error(`the orchestrator does not act: ${logs()}`);
    }, limit);
  } finally {
    await bus.stop();
  }
}
