import { type Logger, UsageError } from '@vigilia/service';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Access, needsSecureCookie } from '../access.ts';
import type { OneTimeStore } from '../auth/one-time-store.ts';
import type { Users } from '../auth/users.ts';
import { type Attempt, attemptMs } from '../oidc/attempt.ts';
import { grantOf } from '../oidc/group-grants.ts';
import type { OidcSettings } from '../oidc/oidc-settings.ts';
import { type Provider, ProviderError } from '../oidc/provider.ts';
import { putProviderAccount } from '../oidc/provider-account.ts';

export interface OidcRoutesOptions {
  readonly access: Access;
  readonly users: Users;
  readonly provider: Provider;
  /** Sign-ins that are under way, each bound to one browser by its cookie. */
  readonly attempts: OneTimeStore<Attempt>;
  readonly settings: OidcSettings;
  readonly logger: Logger;
}

const attemptCookie = 'vigilia_oidc';
/** A view of the page, never an address: nothing that a link contains can lead elsewhere. */
const startSchema = z.object({
  view: z
    .string()
    .regex(/^[a-z-]{1,32}(\/[a-z0-9-]{1,64})?$/)
    .catch('rooms'),
});

/** Sign-in through OpenID Connect: the code flow with PKCE (RFC 7636), state and nonce. */
export function oidcRoutes(app: FastifyInstance, options: OidcRoutesOptions): void {
  const { provider, attempts, settings, logger } = options;
  const config = { rateLimit: { max: 30, timeWindow: 60_000 } };
  const cookiePath = `${new URL(settings.pageUrl).pathname}api/oidc`;

  app.get('/api/oidc/start', { config }, async (request, reply) => {
    try {
      const { url, attempt } = await provider.begin(startSchema.parse(request.query).view);
      void reply.setCookie(attemptCookie, attempts.add(attempt), {
        path: cookiePath,
        httpOnly: true,
        // the provider's page leads the browser back: a strict cookie would not come with it
        sameSite: 'lax',
        secure: needsSecureCookie(request),
        maxAge: attemptMs / 1000,
      });
      return reply.redirect(url);
    } catch (error) {
      return refuse(reply, options, request, codeOf(error, logger));
    }
  });

  app.get('/api/oidc/callback', { config }, async (request, reply) => {
    const attempt = attempts.take(request.cookies[attemptCookie]);
    void reply.clearCookie(attemptCookie, { path: cookiePath });
    if (attempt === undefined) return refuse(reply, options, request, 'oidc_expired');
    try {
      const refusal = await signIn(request, reply, options, attempt);
      if (refusal !== undefined) return refuse(reply, options, request, refusal);
      return reply.redirect(`${settings.pageUrl}#/${attempt.view}`);
    } catch (error) {
      return refuse(reply, options, request, codeOf(error, logger));
    }
  });
}

/** Opens a session for the person of an answer. Returns why not. @throws ProviderError; UsageError of `putProviderAccount` */
async function signIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { access, users, provider, settings, logger }: OidcRoutesOptions,
  attempt: Attempt,
): Promise<'oidc_no_group' | undefined> {
  const identity = await provider.finish(new URL(request.url, settings.pageUrl).search, attempt);
  const grant = grantOf(settings.grants, identity.groups);
  if (grant === undefined) return 'oidc_no_group';
  const account = await putProviderAccount(users.file, identity, grant);
  await access.refresh();
  await access.open(request, reply, account, identity.sid);
  const { name: user, role, wards } = account;
  logger.info({ event: 'signed_in', user, role, wards, ip: request.ip, provider: identity.issuer }, 'signed in');
  return undefined;
}

/** Leads back to the page, which has a sentence for each code. */
function refuse(
  reply: FastifyReply,
  { settings, logger }: OidcRoutesOptions,
  { ip }: FastifyRequest,
  code: string,
): FastifyReply {
  logger.warn({ event: 'sign_in_refused', code, ip, provider: settings.issuer.href }, 'sign-in refused');
  return reply.redirect(`${settings.pageUrl}#/sign-in/${code}`);
}

function codeOf(error: unknown, logger: Logger): string {
  if (error instanceof UsageError && error.code === 'account_blocked') return 'oidc_blocked';
  if (error instanceof ProviderError) {
    logger.warn({ event: 'oidc_failed', code: error.code, reason: error.message }, 'the provider’s answer was refused');
    return error.code;
  }
  logger.error({ event: 'request_failed', err: error }, 'request failed');
  return 'oidc_failed';
}
