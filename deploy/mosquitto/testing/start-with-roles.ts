import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bus, createBus, endProcess, type MessageHandler, within } from '@vigilia/service';
import { connectBus, eventually, freePort, mosquittoPath, silentLogger, tempFolder } from '@vigilia/testing';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('..', import.meta.url));

export const people = [
  'orchestrator',
  'operator',
  'console',
  'notifier',
  'homeassistant',
  'sensor',
  'sink',
  'readonly',
] as const;
/** Instance ids of the homes that have a user and a password of their own. */
export const homes = ['processor-a', 'processor-b'] as const;
export type Role = (typeof people)[number] | 'processor';

/** A real Mosquitto with the product's own configuration, ACLs and secrets; only folders and ports are the test's. */
export interface RoleBroker {
  /** The listener that the role uses in compose. */
  url(role: Role): string;
  /** The password of a role of people or of a processor by its instance id (`processor-a`, `processor-a_1`). */
  password(name: string): Promise<string>;
  /** Folder of the role's secrets. */
  secrets(role: string): string;
  /** Connects as this role; a processor as the user that has its instance id as name, `processor-a` when none is given. */
  connect(role: Role, clientId?: string): Promise<Bus>;
  /** Connects a processor's user under any client id. */
  connectAs(instanceId: string, clientId: string): Promise<Bus>;
  /** Connects with a session that the broker keeps; what waited meets `handler`. */
  connectSession(role: Role, clientId: string, handler?: MessageHandler): Promise<Bus>;
  /** The sizes of the next saves of the broker's memory, and the time that passed before each. */
  bytesPerSave(count: number): Promise<{ bytes: number; afterMs: number }[]>;
  /** A listener past all rules. */
  readonly unboundUrl: string;
  /** Connected past all rules, to publish and to see everything. */
  connectUnbound(): Promise<Bus>;
  /** Runs the one-shot again and returns its output. */
  makeSecrets(): Promise<string>;
  /** Of the broker. */
  readonly pid: number;
  /** Ends the broker with SIGKILL. */
  kill(): Promise<void>;
  /** Starts the broker again with what it saved. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startRoleBroker(): Promise<RoleBroker> {
  const temp = await tempFolder('roles');
  const [door, processors, unbound] = [await freePort(), await freePort(), await freePort()];
  for (const role of [...people, ...homes, 'dedicated']) {
    await mkdir(temp.file(`secrets/${role}`), { recursive: true });
  }
  for (const name of ['broker', 'data']) {
    await mkdir(temp.file(name));
  }
  const environment = { ...process.env, SECRETS_DIR: temp.file('secrets'), BROKER_DIR: temp.file('broker') };
  const makeSecrets = async () => (await run('sh', [`${folder}make-secrets.sh`], { env: environment })).stdout.trim();
  await makeSecrets();
  const configuration = (await readFile(`${folder}mosquitto.conf`, 'utf8'))
    .replace('listener 1883', `listener ${door} 127.0.0.1`)
    .replace('listener 1884', `listener ${processors} 127.0.0.1`)
    .replaceAll('/mosquitto/secrets/', temp.file('broker/'))
    .replaceAll('/mosquitto/config/', folder)
    .replaceAll('/mosquitto/data/', temp.file('data/'));
  const open = `listener ${unbound} 127.0.0.1\nallow_anonymous true\n${process.getuid?.() === 0 ? 'user root\n' : ''}`;
  await writeFile(temp.file('mosquitto.conf'), `${configuration}${open}`);
  const unboundUrl = `mqtt://127.0.0.1:${unbound}`;
  const connectUnbound = () => connectBus(unboundUrl);
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(mosquittoPath(), ['-c', temp.file('mosquitto.conf')], { stdio: 'ignore' });
    await eventually(async () => {
      ensureRunning(child);
      await (await connectUnbound()).stop();
    });
    return child;
  };
  let child = await launch();
  const url = (role: Role) => `mqtt://127.0.0.1:${role === 'processor' ? processors : door}`;
  const secrets = (role: string) => temp.file(`secrets/${role}`);
  const password = (name: string) => {
    const isDedicated = /_[1-9]$/.test(name);
    return readFile(`${secrets(isDedicated ? 'dedicated' : name)}/password`, 'utf8');
  };
  return {
    url,
    password,
    secrets,
    connect: async (role, clientId) => {
      const username = role === 'processor' ? (clientId ?? homes[0]) : role;
      return connectBus(url(role), role === 'processor' ? username : clientId, {
        username,
        password: await password(username),
      });
    },
    connectAs: async (instanceId, clientId) =>
      connectBus(url('processor'), clientId, { username: instanceId, password: await password(instanceId) }),
    connectSession: async (role, clientId, handler) => {
      const credentials = { username: role, password: await password(role) };
      const bus = createBus({ url: url(role), clientId, clean: false, logger: silentLogger(), ...credentials });
      if (handler !== undefined) {
        void bus.subscribe('nvr/#', handler);
      }
      using limit = within(60_000);
      await bus.start(limit.signal);
      return bus;
    },
    bytesPerSave: (count) => nextSaves(temp.file('data/mosquitto.db'), count),
    unboundUrl,
    connectUnbound,
    makeSecrets,
    get pid() {
      return child.pid ?? 0;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await endProcess(child);
    },
    restart: async () => {
      child = await launch();
    },
    stop: async () => {
      await endProcess(child);
      await temp.remove();
    },
  };
}

function ensureRunning(child: ChildProcess): void {
  if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
}

/** Mosquitto writes a new file and renames it, so each save has another inode or time. */
async function nextSaves(file: string, count: number): Promise<{ bytes: number; afterMs: number }[]> {
  const saves: { bytes: number; afterMs: number }[] = [];
  const lookAt = () => stat(file).catch(() => undefined);
  let last = { modifiedMs: (await lookAt())?.mtimeMs ?? 0, seenMs: performance.now() };
  // The time before the first one is not that between two saves.
  for (let n = 0; n <= count; n += 1) {
    const found = await eventually(
      async () => {
        const now = await lookAt();
        if (now === undefined || now.mtimeMs === last.modifiedMs) throw new Error('not saved yet');
        return now;
      },
      { timeoutMs: 60_000, intervalMs: 50 },
    );
    const seenMs = performance.now();
    if (n > 0) {
      saves.push({ bytes: found.size, afterMs: seenMs - last.seenMs });
    }
    last = { modifiedMs: found.mtimeMs, seenMs };
  }
  return saves;
}
