import type { Clock, Logger } from '@vigilia/service';
import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { z } from 'zod';
import type { Attempt } from './attempt.ts';
import type { OidcSettings } from './oidc-settings.ts';

/** A person as the provider describes them. */
export interface ProviderIdentity {
  readonly issuer: string;
  /** Names the person at this issuer for ever (`sub`). */
  readonly subject: string;
  /** The session at the provider, where it names one. */
  readonly sid: string | undefined;
  readonly userName: string | undefined;
  readonly displayName: string | undefined;
  readonly groups: readonly string[];
}

/** Why a sign-in through the provider failed; the page has a sentence for each. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly code: 'oidc_unavailable' | 'oidc_denied' | 'oidc_failed';

  constructor(code: ProviderError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const requestSeconds = 5;
/** So long a result of reaching the provider holds. */
const knownForMs = 10_000;
const claimsSchema = z.object({
  sid: z.string().max(255).optional().catch(undefined),
  preferred_username: z.string().optional().catch(undefined),
  name: z.string().optional().catch(undefined),
});
const groupsSchema = z.union([z.array(z.string()), z.string().transform((group) => [group])]);

/** The OpenID Connect provider. Its metadata are read when they are needed, so that the console runs while it is down. */
export class Provider {
  readonly #settings: OidcSettings;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #asked: { readonly atMs: number; readonly found: Promise<Configuration | undefined> } | undefined;
  #wasAvailable: boolean | undefined;

  constructor(settings: OidcSettings, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#settings = settings;
    this.#clock = clock;
    this.#logger = logger;
  }

  get name(): string {
    return this.#settings.name;
  }

  /** Returns whether the provider answers; a result holds for 10 s. */
  async available(): Promise<boolean> {
    return (await this.#configuration()) !== undefined;
  }

  /** Returns where the browser goes to sign in, and what its answer must bring back. @throws ProviderError `oidc_unavailable` */
  async begin(view: string): Promise<{ readonly url: string; readonly attempt: Attempt }> {
    const configuration = await this.#reached();
    const attempt = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier(), view };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri(),
      scope: this.#settings.scopes.join(' '),
      code_challenge: await calculatePKCECodeChallenge(attempt.codeVerifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
    });
    return { url: url.href, attempt };
  }

  /**
   * Redeems the code that the browser brought.
   * @param query of the address that the provider sent the browser to, with its `?`
   * @throws ProviderError
   */
  async finish(query: string, { state, nonce, codeVerifier }: Attempt): Promise<ProviderIdentity> {
    const configuration = await this.#reached();
    try {
      const tokens = await authorizationCodeGrant(configuration, new URL(query, this.#redirectUri()), {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new ProviderError('oidc_failed', 'the provider sent no ID token');
      const inToken = claims[this.#settings.groupsClaim] !== undefined;
      const asked =
        inToken || configuration.serverMetadata().userinfo_endpoint === undefined
          ? {}
          : await fetchUserInfo(configuration, tokens.access_token, claims.sub);
      return this.#identity(claims.sub, { ...claims, ...asked });
    } catch (error) {
      throw providerError(error);
    }
  }

  /** Returns where the browser ends its session at the provider; undefined where that is not possible or the provider is down. */
  async signOutUrl(): Promise<string | undefined> {
    const configuration = await this.#configuration();
    if (configuration?.serverMetadata().end_session_endpoint === undefined) return undefined;
    return buildEndSessionUrl(configuration, { post_logout_redirect_uri: this.#settings.pageUrl }).href;
  }

  /** Returns where the provider publishes the keys that it signs with. @throws ProviderError `oidc_unavailable` */
  async keysOf(): Promise<{ readonly issuer: string; readonly jwksUri: string }> {
    const { issuer, jwks_uri: jwksUri } = (await this.#reached()).serverMetadata();
    if (jwksUri === undefined) throw new ProviderError('oidc_failed', 'the provider publishes no keys');
    return { issuer, jwksUri };
  }

  #identity(subject: string, claims: Readonly<Record<string, unknown>>): ProviderIdentity {
    const { sid, preferred_username: userName, name: displayName } = claimsSchema.parse(claims);
    const groups = groupsSchema.safeParse(claims[this.#settings.groupsClaim]).data ?? [];
    return { issuer: this.#settings.issuer.href, subject, sid, userName, displayName, groups };
  }

  #redirectUri(): string {
    return `${this.#settings.pageUrl}api/oidc/callback`;
  }

  async #reached(): Promise<Configuration> {
    const configuration = await this.#configuration();
    if (configuration === undefined) throw new ProviderError('oidc_unavailable', 'the provider does not answer');
    return configuration;
  }

  #configuration(): Promise<Configuration | undefined> {
    const nowMs = this.#clock.monotonic();
    if (this.#asked === undefined || nowMs - this.#asked.atMs > knownForMs) {
      this.#asked = { atMs: nowMs, found: this.#discover() };
    }
    return this.#asked.found;
  }

  async #discover(): Promise<Configuration | undefined> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const authentication = clientSecret === undefined ? None() : undefined;
    const execute = issuer.protocol === 'http:' ? [allowInsecureRequests] : [];
    try {
      const found = await discovery(issuer, clientId, clientSecret, authentication, {
        timeout: requestSeconds,
        execute,
      });
      this.#report(true);
      return found;
    } catch (error) {
      this.#report(false, error);
      return undefined;
    }
  }

  #report(available: boolean, error?: unknown): void {
    if (this.#wasAvailable === available) return;
    this.#wasAvailable = available;
    const issuer = this.#settings.issuer.href;
    if (available) {
      this.#logger.info({ event: 'oidc_available', issuer }, 'people can sign in with the provider');
    } else {
      const remedy = 'Local accounts can sign in meanwhile. Check the address, the network and the certificate.';
      const facts = { event: 'oidc_unavailable', issuer, reason: reasonOf(error), remedy };
      this.#logger.warn(facts, 'the provider does not answer');
    }
  }
}

function providerError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof AuthorizationResponseError) {
    const code = error.error === 'access_denied' ? 'oidc_denied' : 'oidc_failed';
    return new ProviderError(code, error.error, error);
  }
  return new ProviderError(isUnreachable(error) ? 'oidc_unavailable' : 'oidc_failed', reasonOf(error), error);
}

/** Codes of the system, of fetch and of a request that took too long. */
const unreachable = /^(E[A-Z]+|UND_ERR_[A-Z_]+|OAUTH_TIMEOUT)$/;

function isUnreachable(error: unknown): boolean {
  return codesOf(error).some((code) => unreachable.test(code));
}

/** Returns a short reason without what was sent: the code of the provider, of the system or of the library. */
function reasonOf(error: unknown): string {
  const { error: ofProvider, name } = error as { readonly error?: unknown; readonly name?: unknown };
  const codes = codesOf(error);
  return String(ofProvider ?? codes.find((code) => unreachable.test(code)) ?? codes[0] ?? name);
}

/** Returns the codes of an error and of its causes. */
function codesOf(error: unknown): readonly string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return [...(typeof code === 'string' ? [code] : []), ...codesOf(cause)];
}
