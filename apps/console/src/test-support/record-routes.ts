import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

export interface RecordedRoute {
  /** `GET /api/live`. */
  readonly name: string;
  /** It is for accounts that are limited to wards, too. */
  readonly forWards: boolean;
}

/** The page itself. */
const files = /^GET \/\*?$/;
const channel = 'fastify.initialization';

/** Returns every route that web servers which are made while `start` runs have, without HEAD and files. */
export async function recordRoutes(start: () => Promise<void>): Promise<readonly RecordedRoute[]> {
  const routes: RecordedRoute[] = [];
  const record = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat().filter((name) => name !== 'HEAD')) {
        routes.push({ name: `${one} ${url}`, forWards: config?.forWards === true });
      }
    });
  };
  subscribe(channel, record);
  try {
    await start();
  } finally {
    unsubscribe(channel, record);
  }
  return routes.filter(({ name }) => !files.test(name));
}
