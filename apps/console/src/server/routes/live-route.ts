import type { Clock, Timer } from '@vigilia/service';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Access } from '../access.ts';
import { RequestError } from '../request-error.ts';

export interface LiveRouteOptions {
  readonly access: Access;
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
export function liveRoute(app: FastifyInstance, { access, clock }: LiveRouteOptions): void {
  const open = new Map<() => void, string | undefined>();
  const checks = new Set<() => void>();
  access.onChange(() => {
    for (const check of [...checks]) {
      check();
    }
  });
  app.addHook('preClose', async () => {
    for (const close of open.keys()) {
      close();
    }
  });
  app.get('/api/live', { config: { forWards: true } }, (request, reply) => {
    const { userName, role, site } = access.require(request, 'look');
    const ofAccount = [...open.values()].filter((one) => one === userName).length;
    if (open.size >= maxPages || ofAccount >= maxPagesOfAccount)
      throw new RequestError(503, 'too_many_pages', 'Too many pages are open.');
    const stream = startStream(reply);
    let beat: Timer | undefined;
    const close = (): void => {
      beat?.cancel();
      unlisten();
      open.delete(close);
      checks.delete(check);
      stream.end();
    };
    /** A page whose account has changed connects again, and gets what it may see now. */
    const check = (): void => {
      const now = access.personOf(request);
      if (now?.site === site && now.role === role) return;
      stream.send('signed_out', {});
      close();
    };
    const tick = (): void => {
      check();
      if (!open.has(close)) return;
      stream.send('beat', {});
      beat = clock.setTimeout(tick, beatMs);
    };
    const unlisten = site.listen((change) => {
      if (stream.send('change', change) > maxBufferedBytes) {
        close();
      }
    });
    open.set(close, userName);
    checks.add(check);
    reply.raw.once('close', close);
    stream.send('house', site.view);
    tick();
  });
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
