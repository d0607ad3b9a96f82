import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { OwnAccount } from '../../shared/people-view.ts';
import { errorText } from '../live/error-text.ts';
import { usePage } from '../parts/context.ts';
import { PasskeySection } from './passkey-section.tsx';
import { changePassword, endOwnSession, loadAccount } from './people-api.ts';
import { peopleTexts } from './people-texts.ts';
import { SessionList } from './session-list.tsx';
import { usePeopleApi } from './use-people-api.ts';
import { useSubmit } from './use-submit.ts';

/** The account of this session: its sign-ins, and another password. */
export function AccountView(): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const [account, setAccount] = useState<OwnAccount>();
  const [trouble, setTrouble] = useState('');
  const load = useCallback((): void => {
    loadAccount(api).then(setAccount, (error: unknown) => setTrouble(errorText(language, error)));
  }, [api, language]);
  useEffect(load, [load]);
  const end = async (key: string): Promise<void> => {
    await endOwnSession(api, key);
    load();
  };
  return (
    <section class="people" aria-labelledby="account-title">
      <div class="view-head">
        <h1 id="account-title">{texts.account}</h1>
      </div>
      <p role="status" class="trouble">
        {trouble}
      </p>
      {account?.hasPassword === true ? <PasswordForm onChanged={load} /> : null}
      {account?.hasPassword === true ? <PasskeySection account={account} onChanged={load} /> : null}
      <h2>{texts.sessions}</h2>
      <SessionList sessions={account?.sessions ?? []} onEnd={end} />
    </section>
  );
}

function PasswordForm({ onChanged }: { readonly onChanged: () => void }): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const { busy, outcome, onSubmit } = useSubmit(async (form) => {
    const data = new FormData(form);
    await changePassword(api, String(data.get('current')), String(data.get('password')));
    form.reset();
    onChanged();
    return texts.changed;
  });
  return (
    <form class="panel" onSubmit={onSubmit}>
      <label class="field">
        <span>{texts.current}</span>
        <input name="current" type="password" required autoComplete="current-password" />
      </label>
      <label class="field">
        <span>{texts.newPassword}</span>
        <input name="password" type="password" required minLength={8} autoComplete="new-password" />
      </label>
      <button type="submit" class="main" disabled={busy}>
        {texts.change}
      </button>
      <p role="status">{outcome}</p>
    </form>
  );
}
