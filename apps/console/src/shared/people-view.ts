import type { Role } from './roles.ts';

/** A sign-in that is in force. */
export interface SessionEntry {
  /** Names it when it is to be ended; it cannot be used to sign in. */
  readonly key: string;
  /** ISO 8601; missing for one that was opened by an earlier version. */
  readonly openedAt?: string;
  /** ISO 8601; missing for one that does not end. */
  readonly endsAt?: string;
  /** Browser and system, such as `Chrome, Android`. */
  readonly device?: string;
  /** The session that asks. */
  readonly own: boolean;
}

export interface PersonView {
  /** What is typed to sign in. */
  readonly name: string;
  /** What incidents show. */
  readonly displayName: string;
  readonly role: Role;
  /** Missing: all rooms. */
  readonly wards?: readonly string[];
  readonly clips: boolean;
  /** How many passkeys the account has. */
  readonly passkeys: number;
  /** Host of the provider that the account comes from, and whose groups decide name, role and wards; missing for local accounts. */
  readonly provider?: string;
  /** May not sign in. */
  readonly blocked: boolean;
  readonly sessions: readonly SessionEntry[];
}

/** `GET api/people`: every account, for administrators. */
export interface PeopleList {
  readonly people: readonly PersonView[];
  /** Wards that rooms have now. */
  readonly wards: readonly string[];
}

/** Why this page has no passkeys: its address is not stated, not https, or a number instead of a name. */
export type PasskeyProblem = 'no_page_url' | 'not_https' | 'no_host_name';

/** A passkey of the own account. */
export interface PasskeyEntry {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly usedAt?: string;
}

/** `GET api/account`: the account that asks. */
export interface OwnAccount {
  /** False for wall screens. */
  readonly hasPassword: boolean;
  readonly passkeys: readonly PasskeyEntry[];
  /** Why no passkey can be added; missing where one can. */
  readonly passkeyProblem?: PasskeyProblem;
  readonly sessions: readonly SessionEntry[];
}

/** What an administrator states of a new account. */
export interface NewPerson {
  readonly name: string;
  readonly displayName: string;
  readonly role: Role;
  readonly wards: readonly string[];
  readonly clips: boolean;
  /** Left out for a wall screen, which gets a link. */
  readonly password?: string | undefined;
}

/** What an administrator changes of an account; what is left out stays. */
export type PersonChange = Partial<Pick<NewPerson, 'displayName' | 'role' | 'wards' | 'clips'>> & {
  readonly blocked?: boolean;
};

/** Answer to a change of the accounts. */
export interface PeopleResult {
  /** The sign-in of a new wall screen, shown once: what its address has after the `#`. */
  readonly link?: string;
}
