import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/browser';
import type { NewPerson, OwnAccount, PeopleList, PeopleResult, PersonChange } from '../../shared/people-view.ts';
import type { Api } from '../live/api.ts';

/** Returns every account. */
export function loadPeople(api: Api): Promise<PeopleList> {
  return api.get('api/people');
}

/** Adds an account. */
export function addPerson(api: Api, person: NewPerson): Promise<PeopleResult> {
  return api.post('api/people', person);
}

/** Changes an account. */
export function changePerson(api: Api, name: string, change: PersonChange): Promise<PeopleResult> {
  return api.post(placeOf(name), change);
}

/** Gives an account another password. */
export function resetPassword(api: Api, name: string, password: string): Promise<PeopleResult> {
  return api.post(`${placeOf(name)}/password`, { password });
}

/** Removes an account. */
export function removePerson(api: Api, name: string): Promise<PeopleResult> {
  return api.post(`${placeOf(name)}/remove`, {});
}

/** Ends one sign-in of an account, or all of them. */
export function endSignIns(api: Api, name: string, key: string | undefined): Promise<PeopleResult> {
  return api.post(`${placeOf(name)}/sessions/end`, key === undefined ? {} : { key });
}

/** Returns the account of this session. */
export function loadAccount(api: Api): Promise<OwnAccount> {
  return api.get('api/account');
}

/** Gives the account of this session another password. */
export function changePassword(api: Api, current: string, password: string): Promise<unknown> {
  return api.post('api/account/password', { current, password });
}

/** Returns what the browser needs to make a passkey for the account of this session. */
export function beginPasskey(api: Api, current: string): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return api.post('api/account/passkeys/begin', { current });
}

/** Keeps a passkey that the browser made. */
export function keepPasskey(api: Api, name: string, answer: RegistrationResponseJSON): Promise<unknown> {
  return api.post('api/account/passkeys', { name, answer });
}

/** Removes a passkey of the account of this session. */
export function removeOwnPasskey(api: Api, id: string): Promise<unknown> {
  return api.post('api/account/passkeys/remove', { id });
}

/** Removes all passkeys of an account, and ends its sign-ins. */
export function removePasskeysOf(api: Api, name: string): Promise<PeopleResult> {
  return api.post(`${placeOf(name)}/passkeys/remove`, {});
}

/** Ends another sign-in of the account of this session. */
export function endOwnSession(api: Api, key: string): Promise<unknown> {
  return api.post('api/account/sessions/end', { key });
}

function placeOf(name: string): string {
  return `api/people/${encodeURIComponent(name)}`;
}
