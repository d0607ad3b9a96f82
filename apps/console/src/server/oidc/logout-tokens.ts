import type { Clock } from '@vigilia/service';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { OidcSettings } from './oidc-settings.ts';
import { type Provider, ProviderError } from './provider.ts';

/** Whose sign-ins a provider ends: one session at the provider, or every session of a person. At least one is given. */
export interface LogoutOrder {
  readonly subject: string | undefined;
  readonly sid: string | undefined;
}

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';
/** Asymmetric algorithms only: a token is never signed with what the console itself knows. */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const toleranceSeconds = 60;
const maxAgeSeconds = 300;
const maxRemembered = 10_000;

const orderSchema = z
  .object({
    sub: z.string().min(1).max(255).optional(),
    sid: z.string().min(1).max(255).optional(),
    jti: z.string().min(1).max(255),
    events: z.object({ [logoutEvent]: z.object({}) }),
    nonce: z.never({ error: 'a logout token has no nonce' }).optional(),
  })
  .refine(({ sub, sid }) => sub !== undefined || sid !== undefined, 'a logout token names sub or sid');

export interface LogoutTokensOptions {
  readonly provider: Pick<Provider, 'keysOf'>;
  readonly settings: Pick<OidcSettings, 'clientId'>;
  readonly clock: Clock;
}

/** Checks logout tokens of the provider (OpenID Connect Back-Channel Logout 1.0, section 2.6). Each one counts once. */
export class LogoutTokens {
  readonly #options: LogoutTokensOptions;
  /** By `jti`: when the token is too old in any case, epoch seconds. */
  readonly #used = new Map<string, number>();
  #keys: { readonly uri: string; readonly get: JWTVerifyGetKey } | undefined;

  constructor(options: LogoutTokensOptions) {
    this.#options = options;
  }

  /** @throws ProviderError `oidc_failed` for a token that is not valid, `oidc_unavailable` when the keys cannot be read */
  async take(token: string): Promise<LogoutOrder> {
    const { provider, settings, clock } = this.#options;
    const { issuer, jwksUri } = await provider.keysOf();
    const payload = await jwtVerify(token, this.#keysAt(jwksUri), {
      issuer,
      audience: settings.clientId,
      algorithms,
      requiredClaims: ['iat', 'exp', 'jti'],
      maxTokenAge: maxAgeSeconds,
      clockTolerance: toleranceSeconds,
      currentDate: new Date(clock.now()),
    }).then((verified) => verified.payload, failure);
    const order = orderSchema.safeParse(payload);
    if (!order.success) throw refused(order.error.issues.map(({ message }) => message).join(', '));
    this.#useOnce(order.data.jti, payload);
    return { subject: order.data.sub, sid: order.data.sid };
  }

  #keysAt(uri: string): JWTVerifyGetKey {
    if (this.#keys?.uri !== uri) {
      this.#keys = { uri, get: createRemoteJWKSet(new URL(uri), { timeoutDuration: 5000 }) };
    }
    return this.#keys.get;
  }

  #useOnce(jti: string, { iat = 0 }: JWTPayload): void {
    const nowSeconds = this.#options.clock.now() / 1000;
    for (const [known, until] of this.#used) {
      if (until < nowSeconds) {
        this.#used.delete(known);
      }
    }
    if (this.#used.has(jti)) throw refused('the token was used before');
    if (this.#used.size >= maxRemembered) throw refused('too many tokens');
    this.#used.set(jti, iat + maxAgeSeconds + toleranceSeconds);
  }
}

/** The provider's keys may be out of reach; everything else is the token's fault. */
function failure(error: unknown): never {
  const isKeys = !(error instanceof errors.JOSEError) || error instanceof errors.JWKSTimeout;
  const code = error instanceof errors.JOSEError ? error.code : 'the keys cannot be read';
  throw new ProviderError(isKeys ? 'oidc_unavailable' : 'oidc_failed', code, error);
}

function refused(reason: string): ProviderError {
  return new ProviderError('oidc_failed', reason);
}
