import type { Role } from './roles.ts';

/** `GET api/sign-in/ways`: how people can sign in besides a name and a password. */
export interface SignInWays {
  readonly passkeys: boolean;
  /** The OpenID Connect provider; missing where there is none. */
  readonly provider?: { readonly name: string; readonly available: boolean };
}

/** `GET api/session`: who uses this page. */
export type SessionView =
  | {
      readonly signedIn: false;
      readonly signInNeeded: boolean;
      /** After signing out: where the browser also ends its session at the OpenID Connect provider. */
      readonly signOutUrl?: string;
    }
  | {
      readonly signedIn: true;
      readonly signInNeeded: boolean;
      readonly role: Role;
      readonly csrfToken: string;
      /** May see clips of falls, where the policy allows them. */
      readonly clips: boolean;
      /** Shown in incidents; missing without a sign-in: the page asks for it. */
      readonly name?: string;
      /** The account is limited to the rooms of these wards. */
      readonly wards?: readonly string[];
    };
