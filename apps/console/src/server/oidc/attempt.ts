/** What a sign-in through the provider must bring back, and where the page goes on. */
export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  /** PKCE, RFC 7636. */
  readonly codeVerifier: string;
  /** View of the page, such as `rooms/3`. */
  readonly view: string;
}

/** Time to sign in at the provider. */
export const attemptMs = 600_000;
