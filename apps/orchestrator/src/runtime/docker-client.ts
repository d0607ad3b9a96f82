import Docker from 'dockerode';

const defaultSocket = '/var/run/docker.sock';
/** Creating, starting and stopping take seconds on a busy machine; an engine that says nothing for this long is away. */
const answerWithinMs = 60_000;

/**
 * A client of the engine at `unix:///path`, `tcp://host:port` or `http://host:port`; without an address at the usual socket.
 * Streams (events) have no time limit: they are silent for as long as nothing happens.
 */
export function dockerClient(host: string | undefined, kind: 'calls' | 'streams' = 'calls'): Docker {
  const limit = kind === 'calls' ? { timeout: answerWithinMs } : {};
  if (host === undefined) return new Docker({ socketPath: defaultSocket, ...limit });
  const url = new URL(host);
  if (url.protocol === 'unix:') return new Docker({ socketPath: url.pathname, ...limit });
  return new Docker({ protocol: 'http', host: url.hostname, port: Number(url.port || 2375), ...limit });
}
