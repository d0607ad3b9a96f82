import { randomBytes } from 'node:crypto';
import { type OnMyWayAnswer, onMyWayTokenSchema } from '@vigilia/protocol';
import type { Logger } from '@vigilia/service';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import type { OnMyWay } from '../on-my-way.ts';
import { confirmPage, type OnMyWayPage, onMyWayLanguages, resultPage, troublePage } from './on-my-way-page.ts';

const formSchema = z.object({
  token: onMyWayTokenSchema,
  lang: z.enum(onMyWayLanguages).catch('en'),
});

const statuses: Readonly<Record<OnMyWayAnswer['result'], number>> = {
  acknowledged: 200,
  used: 409,
  expired: 410,
  over: 410,
  invalid: 400,
  failed: 503,
};

/** The links "I am on my way" of messages. They need no sign-in: the token is for one act only, and the notifier judges it. */
export function onMyWayRoute(app: FastifyInstance, { onMyWay, logger }: { onMyWay: OnMyWay; logger: Logger }): void {
  void app.register(async (scope) => {
    // Forms are read here only: everywhere else a body is JSON with a token of the session.
    const parser = { parseAs: 'string', bodyLimit: 4096 } as const;
    scope.addContentTypeParser<string>('application/x-www-form-urlencoded', parser, (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body)));
    });
    scope.setErrorHandler((error, request, reply) => {
      const status = (error as { statusCode?: number }).statusCode ?? 500;
      // the query holds the token of a link
      const path = request.url.split('?')[0];
      if (status >= 500) {
        logger.error({ event: 'request_failed', path, err: error }, 'request failed');
      }
      const trouble = status === 429 ? 'limited' : status < 500 ? 'invalid' : 'failed';
      const { nonce } = prepare(reply, 'en');
      return reply.code(status).send(troublePage(nonce, trouble));
    });
    const limited = (max: number) => ({ config: { rateLimit: { max, timeWindow: 60_000 } } });

    scope.get('/on-my-way', limited(60), async (request, reply) => {
      const form = formSchema.safeParse(request.query);
      const page = prepare(reply, languageOf(request.query));
      if (form.success) return confirmPage(page, form.data.token);
      return reply.code(statuses.invalid).send(resultPage(page, { result: 'invalid' }));
    });

    scope.post('/on-my-way', limited(10), async (request, reply) => {
      const form = formSchema.safeParse(request.body);
      const answer = form.success ? await onMyWay.confirm(form.data.token) : ({ result: 'invalid' } as const);
      const page = prepare(reply, languageOf(request.body));
      return reply.code(statuses[answer.result]).send(resultPage(page, answer));
    });
  });
}

function languageOf(values: unknown): OnMyWayPage['language'] {
  return formSchema.pick({ lang: true }).catch({ lang: 'en' }).parse(values).lang;
}

/** No script at all, no copy in a cache, and the form may be sent to this site only. */
function prepare(reply: FastifyReply, language: OnMyWayPage['language']): OnMyWayPage {
  const nonce = randomBytes(16).toString('base64');
  const policy = `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
  void reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', policy);
  return { language, nonce };
}
