import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import type { Logger } from './logger.ts';
import { redactDeep } from './redact.ts';
import { UsageError } from './usage-error.ts';

/** The answer of a health question; everything besides `ok` is shown to who asks. */
export interface Check {
  ok: boolean;
  [detail: string]: unknown;
}

export interface HealthServerOptions {
  host?: string;
  /** 0: a free one (see `port`); `undefined`: no server at all. */
  port: number | undefined;
  logger: Logger;
  /** Is the process itself sound? (otherwise: restart it) */
  live: () => Check;
  /** Does it do its work? */
  ready: () => Check;
  registry: Registry;
}

/** `GET /healthz` and `/readyz` (200 or 503, JSON) and `/metrics` (Prometheus text). */
export class HealthServer {
  readonly #options: HealthServerOptions;
  #server: Server | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: HealthServerOptions) {
    this.#options = options;
  }

  /** The port it listens on; 0 while it does not. */
  get port(): number {
    return (this.#server?.address() as AddressInfo | null | undefined)?.port ?? 0;
  }

  /**
   * Starts listening; does nothing when no port was given.
   *
   * @throws UsageError `port_in_use`
   */
  async start(): Promise<void> {
    const { host = '127.0.0.1', port, logger } = this.#options;
    if (port === undefined) {
      return;
    }
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, host, port)));
      server.listen(port, host, resolve);
    });
    this.#server = server;
    logger.info({ event: 'health_server_started', host, port: this.port }, 'health server started');
  }

  /** Closes the server and its connections. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      if (this.#server === undefined) {
        resolve();
        return;
      }
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    return this.#stopped;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const path = (request.url ?? '/').split('?')[0];
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        send(response, 405, { error: 'only GET is answered here' });
      } else if (path === '/healthz') {
        sendCheck(response, this.#options.live());
      } else if (path === '/readyz') {
        sendCheck(response, this.#options.ready());
      } else if (path === '/metrics') {
        const { registry } = this.#options;
        response.writeHead(200, { 'content-type': registry.contentType }).end(await registry.metrics());
      } else {
        send(response, 404, { error: 'there are /healthz, /readyz and /metrics' });
      }
    } catch (err) {
      this.#options.logger.error({ event: 'health_request_failed', err }, 'health request failed');
      send(response, 500, { ok: false, error: 'internal' });
    }
  }
}

function sendCheck(response: ServerResponse, check: Check): void {
  send(response, check.ok ? 200 : 503, check);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (!response.headersSent) {
    response.writeHead(status, { 'content-type': 'application/json' });
  }
  response.end(`${JSON.stringify(redactDeep(body))}\n`);
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code !== 'EADDRINUSE') {
    return error;
  }
  return new UsageError({
    code: 'port_in_use',
    message: `The health port ${host}:${port} is in use.`,
    remedy: 'Give another port, or 0 for a free one.',
    cause: error,
  });
}
