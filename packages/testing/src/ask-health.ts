/** A service's answers over HTTP: two status codes and Prometheus' text. */
export interface HealthAnswers {
  readonly healthz: number;
  readonly readyz: number;
  /** What `/readyz` shows, as JSON text. */
  readonly readyText: string;
  readonly metrics: string;
}

/**
 * Asks `/healthz`, `/readyz` and `/metrics` of a service.
 *
 * @param at its port, or what it has logged so far when it was started with `--health-port 0`
 * @throws Error when nothing listens there, or the log names no port yet
 */
export async function askHealth(at: number | string): Promise<HealthAnswers> {
  const url = `http://127.0.0.1:${typeof at === 'number' ? at : loggedPort(at)}`;
  const [healthz, readyz, metrics] = await Promise.all(
    ['healthz', 'readyz', 'metrics'].map((path) => fetch(`${url}/${path}`)),
  );
  return {
    healthz: healthz?.status ?? 0,
    readyz: readyz?.status ?? 0,
    readyText: (await readyz?.text()) ?? '',
    metrics: (await metrics?.text()) ?? '',
  };
}

function loggedPort(log: string): string {
  const line = log.split('\n').find((one) => one.includes('"event":"health_server_started"'));
  const port = /"port":(\d+)/.exec(line ?? '')?.[1];
  if (port === undefined) throw new Error(`no health server in the log: ${log.slice(-1000)}`);
  return port;
}
