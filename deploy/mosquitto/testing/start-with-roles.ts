import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Bus, endProcess } from '@vigilia/service';
import { connectBus, eventually, freePort, mosquittoPath, tempFolder } from '@vigilia/testing';

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
export type Role = (typeof people)[number] | 'processor';

/** A real Mosquitto with the product's own configuration, ACLs and secrets; only folders and ports are the test's. */
export interface RoleBroker {
  /** The door that the role uses in compose. */
  url(role: Role): string;
  password(role: Role): Promise<string>;
  /** Folder of the role's secrets. */
  secrets(role: Role): string;
  /** Connected as this role. */
  connect(role: Role, clientId?: string): Promise<Bus>;
  /** Connected past all rules, to publish and to see everything. */
  connectUnbound(): Promise<Bus>;
  /** Runs the one-shot again and gives back what it said. */
  makeSecrets(): Promise<string>;
  stop(): Promise<void>;
}

export async function startRoleBroker(): Promise<RoleBroker> {
  const temp = await tempFolder('roles');
  const [door, processors, unbound] = [await freePort(), await freePort(), await freePort()];
  for (const role of [...people, 'processor']) await mkdir(temp.file(`secrets/${role}`), { recursive: true });
  for (const name of ['broker', 'data']) await mkdir(temp.file(name));
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
  const child = spawn(mosquittoPath(), ['-c', temp.file('mosquitto.conf')], { stdio: 'ignore' });
  const connectUnbound = () => connectBus(`mqtt://127.0.0.1:${unbound}`);
  await eventually(async () => {
    ensureRunning(child);
    await (await connectUnbound()).stop();
  });
  const url = (role: Role) => `mqtt://127.0.0.1:${role === 'processor' ? processors : door}`;
  const secrets = (role: Role) => temp.file(`secrets/${role}`);
  const password = (role: Role) => readFile(`${secrets(role)}/password`, 'utf8');
  return {
    url,
    password,
    secrets,
    connect: async (role, clientId) =>
      connectBus(url(role), clientId, { username: role, password: await password(role) }),
    connectUnbound,
    makeSecrets,
    stop: async () => {
      await endProcess(child);
      await temp.remove();
    },
  };
}

function ensureRunning(child: ChildProcess): void {
  if (child.exitCode !== null) throw new Error(`mosquitto ended with ${child.exitCode}`);
}
