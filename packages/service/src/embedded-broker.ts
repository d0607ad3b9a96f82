import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { Logger } from './logger.ts';
import { UsageError } from './usage-error.ts';

export interface EmbeddedBrokerOptions {
  host?: string;
  /** 0 takes a free one. */
  port?: number;
  logger?: Logger;
}

export interface EmbeddedBroker {
  readonly url: string;
  readonly port: number;
  /** Cuts every connection (wills are sent) and frees the port. Idempotent. */
  stop(): Promise<void>;
}

/**
 * An MQTT 3.1.1 broker in this process, anonymous, for one machine: `vigilia start` and tests. Its memory (retained messages,
 * sessions) is empty after a restart.
 *
 * @throws UsageError `port_in_use`
 */
export async function startEmbeddedBroker(options: EmbeddedBrokerOptions = {}): Promise<EmbeddedBroker> {
  const { host = '127.0.0.1', port: wanted = 0, logger } = options;
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      broker.close();
      reject(error.code === 'EADDRINUSE' ? portInUse(host, wanted, error) : error);
    });
    server.listen(wanted, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  logger?.info({ event: 'broker_started', host, port }, 'embedded broker started');
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) {
      socket.destroy();
    }
    await closed;
    await new Promise<void>((resolve) => broker.close(resolve));
    logger?.info({ event: 'broker_stopped', port }, 'embedded broker stopped');
  };
  return {
    url: `mqtt://${host}:${port}`,
    port,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function portInUse(host: string, port: number, cause: unknown): UsageError {
  return new UsageError({
    code: 'port_in_use',
    message: `The broker's port ${host}:${port} is in use.`,
    remedy: 'Give another port, or 0 for a free one.',
    cause,
  });
}
