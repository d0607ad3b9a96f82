import type { FastifyInstance } from 'fastify';
import type { SignInWays } from '../../shared/session-view.ts';
import type { Provider } from '../oidc/provider.ts';

/** How people can sign in besides a name and a password, for the sign-in page. */
export function signInWaysRoute(app: FastifyInstance, provider: Provider | undefined, passkeys: boolean): void {
  const config = { rateLimit: { max: 300, timeWindow: 60_000 } };
  app.get('/api/sign-in/ways', { config }, async (): Promise<SignInWays> => {
    if (provider === undefined) return { passkeys };
    return { passkeys, provider: { name: provider.name, available: await provider.available() } };
  });
}
