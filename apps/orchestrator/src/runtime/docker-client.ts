import Docker from 'dockerode';

const defaultSocket = '/var/run/docker.sock';
/** An engine that does not answer for this long is unreachable. Creating, starting and stopping take seconds on a busy machine. */
const answerWithinMs = {
  acts: 60_000,
  queries: 5000,
  /** Silent for as long as nothing happens. */
  streams: undefined,
} as const;

/**
 * A client of the engine at `unix:///path`, `tcp://host:port` or `http://host:port`; without an address at the usual socket.
 * `looks` is for what only lists and reads, `acts` for what changes something, `streams` for events.
 */
export function dockerClient(host: string | undefined, kind: keyof typeof answerWithinMs): Docker {
  const timeout = answerWithinMs[kind];
  const limit = timeout === undefined ? {} : { timeout };
  if (host === undefined) return new Docker({ socketPath: defaultSocket, ...limit });
  const url = new URL(host);
  if (url.protocol === 'unix:') return new Docker({ socketPath: url.pathname, ...limit });
  return new Docker({ protocol: 'http', host: url.hostname, port: Number(url.port || 2375), ...limit });
}
