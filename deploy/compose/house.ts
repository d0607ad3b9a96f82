import { execFile } from 'node:child_process';
import { chmod, cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bus } from '@vigilia/service';
import { connectBus, freePort, repoRoot, tempFolder } from '@vigilia/testing';

const run = promisify(execFile);

/** The services of docker-compose.yml on the local engine, with a broker port of its own and no fall in the clips. */
export interface House {
  /** Connected as the operator. */
  readonly bus: Bus;
  /** Where the console is. */
  readonly consoleUrl: string;
  /** `docker compose …`; gives back what it printed on standard output. */
  compose(...words: string[]): Promise<string>;
  /** Runs a command in a service's container. */
  exec(service: string, ...words: string[]): Promise<string>;
  /** Connects again as the operator, after everything was stopped. */
  reconnect(): Promise<Bus>;
  /** Everything goes, volumes too. */
  remove(): Promise<void>;
}

/** Runs the docker command line; a failure's message has its output. */
export async function docker(words: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const { stdout } = await run('docker', [...words], { cwd: repoRoot, env, maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** `docker compose` on the repository's file, without anybody's `.env`. */
export function composeWith(env: NodeJS.ProcessEnv): (...words: string[]) => Promise<string> {
  const all = { ...process.env, VIGILIA_BUILD_NETWORK: 'host', ...env };
  return (...words) =>
    docker(['compose', '--ansi', 'never', '--progress', 'plain', '--env-file', '/dev/null', ...words], all);
}

/** Builds the images (quick when nothing changed), removes what an earlier run left, and starts the services. */
export async function startHouse(): Promise<House> {
  const temp = await tempFolder('house');
  const [port, consolePort] = [await freePort(), await freePort()];
  await cp(join(repoRoot, 'go2rtc'), temp.path, { recursive: true });
  // go2rtc is another user in there.
  await chmod(temp.path, 0o755);
  // Room 2 would have a fall of its own every 95 seconds.
  const cameras = await readFile(temp.file('go2rtc.yaml'), 'utf8');
  await writeFile(temp.file('go2rtc.yaml'), cameras.replace('/media/2.mp4', '/media/0.mp4'));
  // No person really fell: without this each room would return home by itself during a test.
  const policy = await readFile(join(repoRoot, 'demo', 'demo.yaml'), 'utf8');
  await writeFile(temp.file('policy.yaml'), policy.replace(/(up_before_(?:close|return)_seconds): \d+/g, '$1: 3600'));
  const places = { GO2RTC_CONFIG: temp.path, POLICY: temp.file('policy.yaml') };
  const binds = { MQTT_BIND: `127.0.0.1:${port}`, CONSOLE_BIND: `127.0.0.1:${consolePort}` };
  const compose = composeWith({ ...binds, ...places });
  const exec = (service: string, ...words: string[]) => compose('exec', '-T', service, ...words);
  await takeDown(compose);
  await compose('build');
  await compose('up', '--detach', '--no-build').catch(async (error: unknown) => {
    await takeDown(compose);
    throw error;
  });
  const connect = async () => {
    const password = (await exec('mosquitto', 'cat', '/run/vigilia/password')).trim();
    return connectBus(`mqtt://127.0.0.1:${port}`, undefined, { username: 'operator', password });
  };
  let bus = await connect();
  return {
    get bus() {
      return bus;
    },
    consoleUrl: `http://127.0.0.1:${consolePort}`,
    compose,
    exec,
    reconnect: async () => {
      await bus.stop();
      bus = await connect();
      return bus;
    },
    remove: async () => {
      await bus.stop();
      await takeDown(compose);
      await temp.remove();
    },
  };
}

/**
 * Removes everything, volumes too. An engine may go on counting a container that was killed while it was being started ("active
 * endpoints" of an empty network): such an empty network stays until the engine is restarted, and is used again.
 */
async function takeDown(compose: House['compose']): Promise<void> {
  await compose('down', '--volumes', '--remove-orphans').catch(async (error: Error) => {
    const left = await compose('ps', '--all', '--quiet');
    if (left !== '' || !error.message.includes('has active endpoints')) throw error;
  });
}
