import type { Logger } from '@vigilia/service';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Sessions } from '../auth/sessions.ts';
import type { Users } from '../auth/users.ts';
import type { LogoutTokens } from '../oidc/logout-tokens.ts';
import type { OidcSettings } from '../oidc/oidc-settings.ts';
import { ProviderError } from '../oidc/provider.ts';

export interface OidcLogoutRouteOptions {
  readonly users: Users;
  readonly sessions: Sessions;
  readonly tokens: LogoutTokens;
  readonly settings: Pick<OidcSettings, 'issuer'>;
  readonly logger: Logger;
}

const bodySchema = z.object({ logout_token: z.string().max(8192) });

/**
 * `POST api/oidc/logout`: the provider ends sign-ins (OpenID Connect Back-Channel Logout 1.0). The signature of its token is the only
 * credential: no cookie comes with it. 200 when they have ended, 400 for a token that is not valid, 503 when it cannot be checked.
 */
export function oidcLogoutRoute(app: FastifyInstance, options: OidcLogoutRouteOptions): void {
  const { users, sessions, tokens, settings, logger } = options;
  void app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16_384 },
      (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    const config = { rateLimit: { max: 120, timeWindow: 60_000 } };
    scope.post('/api/oidc/logout', { config }, async (request, reply) => {
      void reply.header('cache-control', 'no-store');
      const { ip } = request;
      try {
        const { subject, sid } = await tokens.take(bodySchema.parse(request.body).logout_token);
        const issuer = settings.issuer.href;
        const ended = await sessions.endOfProvider({ sid, user: userOf(users, issuer, subject) });
        logger.info({ event: 'signed_out_by_provider', sessions: ended, ip, provider: issuer }, 'sign-ins ended');
        return reply.code(200).send();
      } catch (error) {
        const { status, reason } = refusalOf(error);
        logger.warn({ event: 'provider_logout_refused', reason, ip }, 'a logout of the provider was refused');
        return reply.code(status).send({ error: 'invalid_request', error_description: reason });
      }
    });
  });
}

/** Undefined where the token names a session only; null where the person has no account here. */
function userOf(users: Users, issuer: string, subject: string | undefined): string | null | undefined {
  if (subject === undefined) return undefined;
  const user = users.all().find(({ oidc }) => oidc?.issuer === issuer && oidc.subject === subject);
  return user?.name ?? null;
}

function refusalOf(error: unknown): { readonly status: number; readonly reason: string } {
  if (error instanceof ProviderError)
    return { status: error.code === 'oidc_unavailable' ? 503 : 400, reason: error.message };
  if (error instanceof z.ZodError) return { status: 400, reason: 'logout_token is missing' };
  throw error;
}
