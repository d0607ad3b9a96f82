import { startRegistration } from '@simplewebauthn/browser';
import type { JSX } from 'preact';
import type { OwnAccount } from '../../shared/people-view.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { usePage } from '../parts/context.ts';
import { fill } from '../texts/fill.ts';
import { clockTime } from '../texts/times.ts';
import { passkeyTexts } from './passkey-texts.ts';
import { beginPasskey, keepPasskey, removeOwnPasskey } from './people-api.ts';
import { usePeopleApi } from './use-people-api.ts';
import { useSubmit } from './use-submit.ts';

export interface PasskeySectionProps {
  readonly account: OwnAccount;
  readonly onChanged: () => void;
}

/** The passkeys of the own account, each with a button that removes it, and a form for another one. */
export function PasskeySection({ account, onChanged }: PasskeySectionProps): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = passkeyTexts[language];
  const { passkeys, passkeyProblem } = account;
  const problem = passkeyProblem ?? (window.PublicKeyCredential === undefined ? 'unsupported' : undefined);
  const time = (iso: string | undefined): string =>
    iso === undefined ? texts.never : clockTime(language, iso, Date.now());
  return (
    <>
      <h2>{texts.title}</h2>
      <p class="quiet">{texts.help}</p>
      {passkeys.length === 0 ? <p class="quiet">{texts.none}</p> : null}
      <ul class="sessions passkeys" aria-label={texts.title}>
        {passkeys.map(({ id, name, addedAt, usedAt }) => {
          const remove = async (): Promise<undefined> => {
            await removeOwnPasskey(api, id);
            onChanged();
            return undefined;
          };
          return (
            <li key={id}>
              <span>{fill(texts.entry, { name, added: time(addedAt), used: time(usedAt) })}</span>
              <ActionButton kind="plain" label={texts.remove} of={name} act={remove} />
            </li>
          );
        })}
      </ul>
      {problem === undefined ? <AddPasskey onChanged={onChanged} /> : <p class="quiet">{texts[problem]}</p>}
    </>
  );
}

function AddPasskey({ onChanged }: Pick<PasskeySectionProps, 'onChanged'>): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = passkeyTexts[language];
  const { busy, outcome, onSubmit } = useSubmit(async (form) => {
    const data = new FormData(form);
    const optionsJSON = await beginPasskey(api, String(data.get('current')));
    try {
      const answer = await startRegistration({ optionsJSON });
      await keepPasskey(api, String(data.get('name')), answer);
    } catch (error) {
      // the browser's own reasons: the person cancelled, or the device has a passkey already
      const { name } = error as { readonly name?: unknown };
      if (name === 'NotAllowedError') return texts.cancelled;
      if (name === 'InvalidStateError') return texts.known;
      throw error;
    }
    form.reset();
    onChanged();
    return texts.added;
  });
  return (
    <form class="panel add-passkey" onSubmit={onSubmit}>
      <label class="field">
        <span>{texts.name}</span>
        <input name="name" required maxLength={64} placeholder={texts.nameExample} autoComplete="off" />
      </label>
      <label class="field">
        <span>{texts.current}</span>
        <input name="current" type="password" required autoComplete="current-password" />
      </label>
      <button type="submit" class="main" disabled={busy}>
        {texts.add}
      </button>
      <p role="status">{outcome}</p>
    </form>
  );
}
