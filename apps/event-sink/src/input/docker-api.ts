import type { Readable } from 'node:stream';
import { withoutUndefined } from '@vigilia/protocol';
import Docker from 'dockerode';

export interface ContainerInfo {
  readonly id: string;
  /** Without the leading slash. */
  readonly name: string;
  readonly isRunning: boolean;
}

/** What the sink may ask of the engine (the same that `deploy/docker-proxy` lets through): list by label, events by label, logs by name. */
export interface DockerLogs {
  list(): Promise<ContainerInfo[]>;
  /** Both streams with time stamps from `since` on, following; ends when the container stops. */
  logs(name: string, since: string | undefined, signal: AbortSignal): AsyncIterable<Buffer>;
  /** One item whenever something happens to a container with the label; ends when the engine goes away. */
  events(signal: AbortSignal): AsyncIterable<Buffer>;
}

/** @param url `http://docker-proxy:2375`, `tcp://…` or `unix:///var/run/docker.sock` */
export function connectDocker(url: string, label: string): DockerLogs {
  const docker = new Docker(dockerOptions(url));
  const filters = { label: [label] };
  return {
    list: async () => {
      const containers = await docker.listContainers({ all: true, filters });
      return containers.map(({ Id, Names, State }) => ({
        id: Id,
        name: (Names[0] ?? Id).replace(/^\//, ''),
        isRunning: State === 'running',
      }));
    },
    logs: async function* (name, since, signal) {
      const query = withoutUndefined<Record<string, unknown>>({
        follow: true,
        stdout: true,
        stderr: true,
        timestamps: true,
        since,
      });
      // the types want a number, but only text carries nanoseconds
      const stream = await docker
        .getContainer(name)
        .logs({ ...query, abortSignal: signal } as unknown as Docker.ContainerLogsOptions & { follow: true });
      yield* chunksOf(stream as unknown as Readable);
    },
    events: async function* (signal) {
      const stream = await docker.getEvents({ filters, abortSignal: signal });
      yield* chunksOf(stream as unknown as Readable);
    },
  };
}

async function* chunksOf(stream: Readable): AsyncIterable<Buffer> {
  for await (const chunk of stream) {
    yield chunk as Buffer;
  }
}

function dockerOptions(url: string): Docker.DockerOptions {
  if (url.startsWith('unix://')) return { socketPath: url.slice('unix://'.length) };
  if (url.startsWith('/')) return { socketPath: url };
  const { hostname, port, protocol } = new URL(url.replace(/^tcp:/, 'http:'));
  return {
    host: hostname,
    port: port === '' ? 2375 : Number(port),
    protocol: protocol === 'https:' ? 'https' : 'http',
  };
}
