import type { Clock, Timer } from '@vigilia/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../access.ts';
import type { LiveHouse } from '../live-house.ts';
import { RequestError } from '../request-error.ts';

export interface LiveRouteOptions {
  readonly access: Access;
  readonly live: LiveHouse;
  readonly clock: Clock;
}

/** A page that hears nothing for longer than this knows that it is not current. */
const beatMs = 4000;
/** A page that takes its messages this slowly is cut off; it reconnects and gets the whole site again. */
const maxBufferedBytes = 4 * 1024 * 1024;
const maxPages = 1000;
/** One account, which may be used on many phones, must not take every place. */
const maxPagesOfAccount = 100;

/** `GET api/live`: server-sent events `house` (everything), `change` and `beat`. */
export function liveRoute(app: FastifyInstance, { access, live, clock }: LiveRouteOptions): void {
  const open = new Map<() => void, string | undefined>();
  app.addHook('preClose', async () => {
    for (const close of open.keys()) {
      close();
    }
  });
  app.get('/api/live', (request, reply) => {
    const { userName } = access.require(request, 'look');
    const ofAccount = [...open.values()].filter((one) => one === userName).length;
    if (open.size >= maxPages || ofAccount >= maxPagesOfAccount)
      throw new RequestError(503, 'too_many_pages', 'Too many pages are open.');
    const stream = startStream(reply);
    let beat: Timer | undefined;
    const close = (): void => {
      beat?.cancel();
      unlisten();
      open.delete(close);
      stream.end();
    };
    const tick = (): void => {
      if (!stillWelcome(access, request)) {
        stream.send('signed_out', {});
        close();
        return;
      }
      stream.send('beat', {});
      void access.refresh();
      beat = clock.setTimeout(tick, beatMs);
    };
    const unlisten = live.listen((change) => {
      if (stream.send('change', change) > maxBufferedBytes) {
        close();
      }
    });
    open.set(close, userName);
    reply.raw.once('close', close);
    stream.send('house', live.view);
    tick();
  });
}

function stillWelcome(access: Access, request: FastifyRequest): boolean {
  return access.personOf(request) !== undefined;
}

function startStream(reply: FastifyReply) {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // nginx would gather the messages otherwise
    'x-accel-buffering': 'no',
  });
  raw.write('retry: 1000\n\n');
  return {
    /** Answers how many bytes wait to be taken. */
    send: (event: string, data: unknown): number => {
      if (!raw.writableEnded) {
        raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      }
      return raw.writableLength;
    },
    end: (): void => {
      if (!raw.writableEnded) {
        raw.end();
      }
    },
  };
}
