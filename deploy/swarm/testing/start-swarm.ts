import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '@vigilia/testing';
import { docker } from '../../docker-proxy/testing/engine.ts';
import { fields } from '../../docker-proxy/testing/fixtures.ts';

const folder = dirname(fileURLToPath(new URL('.', import.meta.url)));
export const image = 'vigilia-processor:swarm-test';

/** A swarm of this one machine, with what dedicated services need, and the front end of docker-proxy that is for it. */
export interface TestSwarm {
  /** Where the orchestrator would find the proxy. */
  readonly port: number;
  stop(): Promise<void>;
}

/** Begins a swarm that no other machine can join; one that exists already is used and kept. */
export async function startSwarm(): Promise<TestSwarm> {
  const undo: (() => Promise<unknown>)[] = [];
  const name = `swarm-proxy-test-${process.pid}`;
  const stop = async () => {
    for (const step of undo.toReversed()) {
      await step().catch(() => undefined);
    }
  };
  try {
    if ((await docker('info', '--format', '{{.Swarm.LocalNodeState}}')) !== 'active') {
      await docker('swarm', 'init', '--advertise-addr', '127.0.0.1', '--listen-addr', '127.0.0.1:2377');
      undo.push(() => docker('swarm', 'leave', '--force'));
    }
    await standIn();
    undo.push(() => docker('rmi', '--force', image));
    await createdSecret(undo);
    await createdNetwork(undo);
    undo.push(() => docker('rm', '--force', '--volumes', name));
    await docker(...proxyCommand(name));
    return { port: Number((await docker('port', name, '2377')).split(':').pop()), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Stands in for a processor: it only lives. */
async function standIn(): Promise<void> {
  await using temp = await tempFolder('image');
  await writeFile(temp.file('Dockerfile'), 'FROM debian:bookworm-slim\nUSER 1000:1000\nCMD ["sleep", "600"]\n');
  await docker('build', '-q', '-t', image, temp.path);
}

async function createdSecret(undo: (() => Promise<unknown>)[]): Promise<void> {
  const secret = 'vigilia-secret-dedicated';
  const there = (await docker('secret', 'ls', '--format', '{{.Name}}')).split('\n').includes(secret);
  if (there) return;
  await using temp = await tempFolder('secret');
  await writeFile(temp.file('password'), 'swarm-test-password');
  await docker('secret', 'create', secret, temp.file('password'));
  undo.push(() => docker('secret', 'rm', secret));
}

async function createdNetwork(undo: (() => Promise<unknown>)[]): Promise<void> {
  const networks = await docker('network', 'ls', '--format', '{{.Name}} {{.Scope}}');
  if (networks.split('\n').includes('vigilia_rooms swarm')) return;
  await docker('network', 'create', '--driver', 'overlay', '--attachable', 'vigilia_rooms');
  undo.push(() => docker('network', 'rm', 'vigilia_rooms'));
}

function proxyCommand(name: string): string[] {
  return [
    ...['run', '-d', '--name', name, '--user', '0:0', '--cap-drop', 'ALL', '--read-only'],
    ...['--security-opt', 'no-new-privileges:true', '-p', '127.0.0.1::2377'],
    ...['-e', `PROCESSOR_IMAGE=${image}`, '-e', 'SWARM_BIND=:2377'],
    ...['-e', 'ORCHESTRATOR_BIND=127.0.0.1:2375', '-e', 'SINK_BIND=127.0.0.1:2376'],
    ...['-e', `PROCESSOR_MQTT_URL=${fields.mqttUrl}`, '-e', `STREAM_SERVER=${fields.streamServer}`],
    ...['-v', `${join(folder, '../docker-proxy')}:/usr/local/etc/haproxy:ro`],
    ...['-v', `${join(folder, 'docker-proxy')}:/usr/local/etc/haproxy-swarm:ro`],
    ...['-v', '/var/run/docker.sock:/var/run/docker.sock', 'haproxy:2.6', 'haproxy', '-W', '-db'],
    ...['-f', '/usr/local/etc/haproxy/haproxy.cfg', '-f', '/usr/local/etc/haproxy-swarm/swarm.cfg'],
  ];
}
