import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import statics from '@fastify/static';
import { CommandError, isTooDeep, maxJsonDepth, withoutUndefined } from '@vigilia/protocol';
import { BusError, type Logger, redactDeep } from '@vigilia/service';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { isLoopback } from '../loopback.ts';
import { RequestError } from './request-error.ts';

export interface HttpServerOptions {
  /** `/` or `/vigilia`. */
  readonly basePath: string;
  readonly trustProxy: readonly string[];
  readonly pageDir: string;
  /** Answer only requests for this very machine: a name of another site that points here is refused. */
  readonly loopbackOnly: boolean;
  readonly logger: Logger;
  /** Without it the server speaks plain HTTP. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly routes: (app: FastifyInstance) => void;
}

/** Everything comes from here and goes nowhere else; no inline script or style. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

/** The web server with its guards; nothing listens yet. */
export async function buildHttpServer(options: HttpServerOptions): Promise<FastifyInstance> {
  const { basePath, trustProxy, pageDir, loopbackOnly, logger, tls, routes } = options;
  const app: FastifyInstance = fastify({
    https: tls ?? null,
    logger: false,
    bodyLimit: 128 * 1024,
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    requestTimeout: 30_000,
    forceCloseConnections: true,
  });
  app.removeContentTypeParser(['text/plain', 'application/json']);
  acceptBoundedJson(app);
  answerErrors(app, logger);
  if (loopbackOnly) {
    app.addHook('onRequest', async (request) => {
      if (!isLoopback(request.hostname)) {
        throw new RequestError(403, 'wrong_host', 'Without sign-in this page is only for this machine.');
      }
    });
  }
  await app.register(helmet, { contentSecurityPolicy, referrerPolicy: { policy: 'no-referrer' } });
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  const prefix = basePath.replace(/\/+$/, '');
  await app.register(
    async (site) => {
      site.addHook('onSend', async (request, reply) => {
        if (request.url.startsWith(`${prefix}/api/`)) {
          void reply.header('cache-control', 'no-store');
        }
      });
      await site.register(statics, {
        root: pageDir,
        cacheControl: false,
        preCompressed: true,
        setHeaders: cacheHeaders,
      });
      routes(site);
    },
    { prefix },
  );
  if (prefix !== '') {
    app.get(prefix, (_request, reply) => reply.redirect(`${prefix}/`, 308));
  }
  return app;
}

/** File names hold a hash of their content; only the page itself is asked for anew. */
function cacheHeaders(reply: FastifyReply, path: string): void {
  const hashed = path.includes('assets');
  void reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Bounds the nesting of JSON bodies before they are parsed: readers of a value walk it recursively. */
function acceptBoundedJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (!isTooDeep(body)) return parse(request, body, done);
    const message = `The JSON of the request must have at most ${maxJsonDepth} levels of nesting. Send a flatter body.`;
    done(new RequestError(400, 'too_deep', message));
  });
}

function answerErrors(app: FastifyInstance, logger: Logger): void {
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: { code: 'not_found', message: 'There is nothing here.' } }),
  );
  app.setErrorHandler((error, request, reply) => {
    const { status, code, message, field } = describe(error);
    // The query may hold the token of a link.
    const path = request.url.split('?')[0];
    if (status >= 500) {
      logger.error({ event: 'request_failed', path, err: error }, 'request failed');
    }
    return reply.code(status).send(redactDeep({ error: withoutUndefined({ code, message, field }) }));
  });
}

function describe(error: unknown): { status: number; code: string; message: string; field?: string | undefined } {
  if (error instanceof RequestError) return { status: error.statusCode, code: error.code, message: error.message };
  if (error instanceof CommandError)
    return { status: 400, code: error.code, message: error.message, field: error.field };
  if (error instanceof BusError) return { status: 503, code: 'broker_away', message: error.message };
  const status = (error as { statusCode?: unknown }).statusCode;
  if (status === 429) return { status, code: 'too_many', message: 'Too many attempts; wait a minute and try again.' };
  if (typeof status === 'number' && status >= 400 && status < 500)
    return { status, code: 'invalid_request', message: 'The request cannot be read.' };
  return { status: 500, code: 'internal', message: 'An internal error of the console; its log has the details.' };
}
