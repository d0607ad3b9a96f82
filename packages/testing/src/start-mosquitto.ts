import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { endProcess } from '@vigilia/service';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';
import { repoRoot } from './repo-root.ts';
import { mosquittoPath } from './requirements.ts';
import { tempFolder } from './temp-folder.ts';

export interface MosquittoOptions {
  /** Lines for its configuration, after ours. `{dir}` in them becomes its folder. Without access rules all clients may connect. */
  config?: string[];
  port?: number;
}

export interface Mosquitto {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Its folder: configuration, and state where `persistence true` is configured. */
  readonly dir: string;
  /** kill -9; resolves when it has ended. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same folder. */
  restart(): Promise<void>;
  /** Ends it and removes its folder. Idempotent. */
  stop(): Promise<void>;
}

/**
 * The limits of the queues in the shipped `mosquitto.conf`. With its usual limit of 1,000 messages Mosquitto drops packets of every
 * kind, acknowledgments too, for a client that subscribes to more retained messages than that.
 */
export function shippedQueues(): string[] {
  const lines = readFileSync(join(repoRoot, 'deploy', 'mosquitto', 'mosquitto.conf'), 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('max_queued_'));
}

/** A real Mosquitto on a port of its own (needs `requires('mosquitto')`). */
export async function startMosquitto({ config = [], port: wanted }: MosquittoOptions = {}): Promise<Mosquitto> {
  const port = wanted ?? (await freePort());
  const folder = await tempFolder('mosquitto');
  await writeFile(folder.file('mosquitto.conf'), configuration(port, folder.path, config));
  const launch = (): Promise<ChildProcess> => launchMosquitto(folder.file('mosquitto.conf'), port);
  let child = await launch();
  return {
    url: `mqtt://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    dir: folder.path,
    kill: async () => {
      child.kill('SIGKILL');
      await endProcess(child);
    },
    restart: async () => {
      await endProcess(child);
      child = await launch();
    },
    stop: async () => {
      await endProcess(child);
      await folder.remove();
    },
  };
}

function configuration(port: number, dir: string, lines: string[]): string {
  const access = lines.some((line) => /^(allow_anonymous|password_file)\b/.test(line)) ? [] : ['allow_anonymous true'];
  // as root Mosquitto would change to a user who may not read our folder
  const user = process.getuid?.() === 0 ? ['user root'] : [];
  const own = [`listener ${port} 127.0.0.1`, `persistence_location ${dir}/`, 'log_dest stderr', ...user, ...access];
  return `${[...own, ...lines].join('\n').replaceAll('{dir}', dir)}\n`;
}

async function launchMosquitto(file: string, port: number): Promise<ChildProcess> {
  const child = spawn(mosquittoPath(), ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-2000);
  });
  child.once('error', (error) => {
    log += error.message;
  });
  await eventually(() => {
    if (child.exitCode !== null || child.pid === undefined) {
      throw new Error(`mosquitto ended: ${log}`);
    }
    return canConnect(port);
  });
  return child;
}

function canConnect(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
