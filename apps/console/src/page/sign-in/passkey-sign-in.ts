import { startAuthentication } from '@simplewebauthn/browser';
import type { SessionView } from '../../shared/session-view.ts';
import type { Api } from '../live/api.ts';

type Options = Parameters<typeof startAuthentication>[0]['optionsJSON'];

/** Signs in with a passkey of this device; undefined when the person cancelled the browser's question. @throws ApiError */
export async function signInWithPasskey(api: Api): Promise<SessionView | undefined> {
  const optionsJSON = await api.post<Options>('api/sign-in/passkey/begin', {});
  const answer = await startAuthentication({ optionsJSON }).catch((error: unknown) => {
    if ((error as { readonly name?: unknown }).name === 'NotAllowedError') return undefined;
    throw error;
  });
  return answer === undefined ? undefined : api.post('api/sign-in/passkey', answer);
}
