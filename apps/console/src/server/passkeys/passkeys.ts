import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Clock } from '@vigilia/service';
import { z } from 'zod';
import { OneTimeStore } from '../auth/one-time-store.ts';
import { addPasskey, recordPasskeyUse } from '../auth/passkey-changes.ts';
import type { Users } from '../auth/users.ts';
import type { User } from '../auth/users-file.ts';
import type { RelyingParty } from './relying-party.ts';

export interface PasskeysOptions {
  readonly users: Users;
  readonly clock: Clock;
  readonly party: RelyingParty;
}

/** Time for a person to answer the question of the browser. */
const answerWithinMs = 300_000;
const base64url = z
  .string()
  .regex(/^[\w-]+=*$/)
  .max(8192);
/** What the library reads of a browser's answer; it checks the content itself. */
const credentialSchema = z.looseObject({
  id: base64url.max(1400),
  rawId: base64url.max(1400),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()),
});
const registrationSchema = credentialSchema.extend({
  response: z.looseObject({ clientDataJSON: base64url, attestationObject: base64url }),
});
const signInSchema = credentialSchema.extend({
  response: z.looseObject({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
});

/** A purpose for which a challenge was issued: the account that adds a passkey, or a sign-in. */
type Purpose = { readonly adds: string } | 'sign-in';

/** Passkeys (WebAuthn Level 3): discoverable, with user verification; each challenge counts once. */
export class Passkeys {
  readonly #users: Users;
  readonly #clock: Clock;
  readonly #party: RelyingParty;
  readonly #challenges: OneTimeStore<Purpose>;

  constructor({ users, clock, party }: PasskeysOptions) {
    this.#users = users;
    this.#clock = clock;
    this.#party = party;
    this.#challenges = new OneTimeStore(clock, answerWithinMs);
  }

  /** Returns what the browser needs to make a passkey for this account. */
  beginAdding({ name, display_name, passkeys = [] }: User): Promise<PublicKeyCredentialCreationOptionsJSON> {
    return generateRegistrationOptions({
      rpName: 'Vigilia',
      rpID: this.#party.id,
      userName: name,
      userDisplayName: display_name,
      challenge: this.#challenge({ adds: name }),
      excludeCredentials: passkeys.map(({ id }) => ({ id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }

  /** Keeps a passkey that the browser made. Returns whether it is right. @throws UsageError of `addPasskey` */
  async finishAdding(name: string, label: string, answer: unknown): Promise<boolean> {
    const response = registrationSchema.safeParse(answer);
    if (!response.success) return false;
    const verified = await verifyRegistrationResponse({
      response: response.data as unknown as RegistrationResponseJSON,
      expectedChallenge: (challenge) => this.#isFor(challenge, name),
      expectedOrigin: this.#party.origin,
      expectedRPID: this.#party.id,
      requireUserVerification: true,
    }).catch(() => undefined);
    if (verified?.verified !== true) return false;
    const { id, publicKey, counter } = verified.registrationInfo.credential;
    const public_key = Buffer.from(publicKey).toString('base64url');
    await addPasskey(this.#users.file, name, { id, public_key, counter, name: label, added_at: this.#now() });
    return true;
  }

  /** Returns what the browser needs to offer the passkeys that it has for this page. */
  beginSignIn(): Promise<PublicKeyCredentialRequestOptionsJSON> {
    const challenge = this.#challenge('sign-in');
    return generateAuthenticationOptions({ rpID: this.#party.id, userVerification: 'required', challenge });
  }

  /** Returns the account whose passkey the browser used; undefined where it is not right. @throws UsageError of `recordPasskeyUse` */
  async finishSignIn(answer: unknown): Promise<User | undefined> {
    const response = signInSchema.safeParse(answer);
    if (!response.success) return undefined;
    await this.#users.load();
    const { id } = response.data;
    const user = this.#users.all().find(({ passkeys }) => passkeys?.some((one) => one.id === id));
    const passkey = user?.passkeys?.find((one) => one.id === id);
    if (user === undefined || passkey === undefined || user.blocked === true) return undefined;
    const { public_key, counter } = passkey;
    const verified = await verifyAuthenticationResponse({
      response: response.data as unknown as AuthenticationResponseJSON,
      expectedChallenge: (challenge) => this.#challenges.take(challenge) === 'sign-in',
      expectedOrigin: this.#party.origin,
      expectedRPID: this.#party.id,
      credential: { id, publicKey: bytes(public_key), counter },
      requireUserVerification: true,
    }).catch(() => undefined);
    if (verified?.verified !== true) return undefined;
    const use = { id, counter: verified.authenticationInfo.newCounter, used_at: this.#now() };
    await recordPasskeyUse(this.#users.file, user.name, use);
    return user;
  }

  #challenge(purpose: Purpose): Uint8Array<ArrayBuffer> {
    return bytes(this.#challenges.add(purpose));
  }

  #isFor(challenge: string, name: string): boolean {
    const purpose = this.#challenges.take(challenge);
    return typeof purpose === 'object' && purpose.adds === name;
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64url'));
}
