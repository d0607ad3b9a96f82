import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bystander, dedicated, fields, processorImage, stranger } from './fixtures.ts';

const run = promisify(execFile);
const folder = fileURLToPath(new URL('..', import.meta.url));

/** Runs the docker command line and gives back what it printed. */
export async function docker(...words: string[]): Promise<string> {
  const { stdout } = await run('docker', words, { maxBuffer: 16 * 1024 * 1024 });
  return stdout.trim();
}

/** Asks the engine itself, past the proxy. */
function ask(path: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: '/var/run/docker.sock', path }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
    });
    call.on('error', reject);
    call.end();
  });
}

/** Everything of this test that a hostile request could have changed, in a form that can be compared. */
export async function engineState(): Promise<string> {
  const containers = (await ask('/containers/json?all=1')) as {
    Id: string;
    Names: string[];
    State: string;
    Image: string;
  }[];
  const images = (await ask('/images/json')) as { Id: string; RepoTags: string[] | null }[];
  const volumes = (await ask('/volumes')) as { Volumes: { Name: string }[] | null };
  const networks = (await ask('/networks')) as { Name: string }[];
  const lines = [
    ...containers
      .filter(({ Names }) => Names.some((name) => isOurs(name)))
      .map((c) => `${c.Id} ${c.Names} ${c.State} ${c.Image}`),
    ...images.filter(({ RepoTags }) => RepoTags?.includes(processorImage)).map(({ Id }) => `image ${Id}`),
    ...(volumes.Volumes ?? []).map(({ Name }) => Name).filter((name) => name.startsWith('hostile')),
    ...networks.map(({ Name }) => Name).filter((name) => name.startsWith('hostile')),
  ];
  return lines.sort().join('\n');
}

function isOurs(name: string): boolean {
  return (
    [dedicated, bystander, stranger].some((known) => name.startsWith(`/${known}`)) || /vigilia-mosquitto-1$/.test(name)
  );
}

/** The proxy's two ports on this machine, and what runs beside it. */
export interface ProxyUnderTest {
  readonly orchestratorPort: number;
  readonly sinkPort: number;
  stop(): Promise<void>;
}

/** Starts docker-proxy as compose does, two containers that it must not touch, and what the template names. */
export async function startProxy(): Promise<ProxyUnderTest> {
  const name = `docker-proxy-test-${process.pid}`;
  await removeAll(name);
  await docker('tag', 'debian:bookworm-slim', processorImage);
  const network = await created('network', 'vigilia_rooms');
  const volumes = [await created('volume', 'vigilia_secret-dedicated'), await created('volume', 'vigilia_models')];
  const idle = ['debian:bookworm-slim', 'sleep', '600'];
  await docker('run', '-d', '--init', '--name', bystander, '--label', 'io.vigilia.logs=true', ...idle);
  await docker('run', '-d', '--init', '--name', stranger, ...idle);
  await docker(...proxyCommand(name));
  const port = async (inner: number) => Number((await docker('port', name, String(inner))).split(':').pop());
  return {
    orchestratorPort: await port(2375),
    sinkPort: await port(2376),
    stop: async () => {
      await removeAll(name);
      if (network) {
        await docker('network', 'rm', 'vigilia_rooms');
      }
      for (const volume of volumes) {
        if (volume !== undefined) {
          await docker('volume', 'rm', volume);
        }
      }
      await docker('rmi', '--no-prune', processorImage);
    },
  };
}

function proxyCommand(name: string): string[] {
  return [
    ...['run', '-d', '--name', name, '--user', '0:0', '--cap-drop', 'ALL', '--read-only'],
    ...['--security-opt', 'no-new-privileges:true', '-p', '127.0.0.1::2375', '-p', '127.0.0.1::2376'],
    ...['-e', `PROCESSOR_IMAGE=${processorImage}`, '-e', 'ORCHESTRATOR_BIND=:2375', '-e', 'SINK_BIND=:2376'],
    ...['-e', `PROCESSOR_MQTT_URL=${fields.mqttUrl}`, '-e', `STREAM_SERVER=${fields.streamServer}`],
    ...['-v', `${folder}:/usr/local/etc/haproxy:ro`, '-v', '/var/run/docker.sock:/var/run/docker.sock'],
    'haproxy:2.6',
  ];
}

/** @returns the name when it was made here and has to be removed, undefined when it was there already */
async function created(kind: 'network' | 'volume', name: string): Promise<string | undefined> {
  const names = (await docker(kind, 'ls', '--format', '{{.Name}}')).split('\n');
  if (names.includes(name)) return undefined;
  await docker(kind, 'create', name);
  return name;
}

async function removeAll(proxy: string): Promise<void> {
  await docker('rm', '-f', '-v', proxy, dedicated, bystander, stranger).catch(() => undefined);
}
