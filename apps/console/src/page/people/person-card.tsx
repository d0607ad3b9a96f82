import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PersonView } from '../../shared/people-view.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { usePage } from '../parts/context.ts';
import { fill } from '../texts/fill.ts';
import { changePerson, endSignIns, removePasskeysOf, removePerson, resetPassword } from './people-api.ts';
import { peopleTexts } from './people-texts.ts';
import { PersonFields, readFields } from './person-fields.tsx';
import { SessionList } from './session-list.tsx';
import { usePeopleApi } from './use-people-api.ts';
import { useSubmit } from './use-submit.ts';

export interface PersonCardProps {
  readonly person: PersonView;
  /** Wards of the site. */
  readonly wards: readonly string[];
  readonly onChanged: () => void;
}

/** One account: what it is, who is signed in with it, and what an administrator may change. */
export function PersonCard({ person, wards, onChanged }: PersonCardProps): JSX.Element {
  const { t, language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const { name, displayName, role, sessions, provider, blocked } = person;
  const where = person.wards?.join(', ') ?? texts.allWards;
  const end = async (key: string | undefined): Promise<undefined> => {
    await endSignIns(api, name, key);
    onChanged();
    return undefined;
  };
  return (
    <li class="card" data-person={name}>
      <h2>{displayName}</h2>
      <p class="quiet">{[name, t(`role.${role}`), where].join(' · ')}</p>
      {provider === undefined ? null : <p class="quiet">{fill(texts.ofProvider, { provider })}</p>}
      {blocked ? <p class="trouble">{texts.blocked}</p> : null}
      <details>
        <summary>{`${texts.sessions}: ${sessions.length}`}</summary>
        <SessionList sessions={sessions} onEnd={end} />
        {sessions.length === 0 ? null : (
          <ActionButton kind="plain" label={texts.endAll} of={displayName} act={() => end(undefined)} />
        )}
      </details>
      <details>
        <summary>{`${t('app.settings')}: ${displayName}`}</summary>
        <ChangeForm person={person} wards={wards} onChanged={onChanged} />
        {role === 'station' || provider !== undefined ? null : <PasswordForm name={name} onChanged={onChanged} />}
        <RemovePasskeys person={person} onChanged={onChanged} />
        <Block person={person} onChanged={onChanged} />
        {provider === undefined ? <Remove person={person} onChanged={onChanged} /> : null}
      </details>
    </li>
  );
}

function ChangeForm({ person, wards, onChanged }: PersonCardProps): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const { busy, outcome, onSubmit } = useSubmit(async (form) => {
    const fields = readFields(form);
    await changePerson(api, person.name, person.provider === undefined ? fields : { clips: fields.clips });
    onChanged();
    return texts.saved;
  });
  return (
    <form onSubmit={onSubmit}>
      <PersonFields person={person} wards={wards} />
      <button type="submit" class="main" disabled={busy}>
        {texts.save}
      </button>
      <p role="status">{outcome}</p>
    </form>
  );
}

interface PasswordFormProps {
  readonly name: string;
  readonly onChanged: () => void;
}

function PasswordForm({ name, onChanged }: PasswordFormProps): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const { busy, outcome, onSubmit } = useSubmit(async (form) => {
    await resetPassword(api, name, String(new FormData(form).get('password')));
    form.reset();
    onChanged();
    return texts.passwordSet;
  });
  return (
    <form onSubmit={onSubmit}>
      <label class="field">
        <span>{texts.newPassword}</span>
        <input name="password" type="password" required minLength={8} autoComplete="new-password" />
      </label>
      <button type="submit" class="plain" disabled={busy}>
        {texts.setPassword}
      </button>
      <p role="status">{outcome}</p>
    </form>
  );
}

function RemovePasskeys({ person, onChanged }: Omit<PersonCardProps, 'wards'>): JSX.Element | null {
  const { language } = usePage();
  const api = usePeopleApi();
  const { name, displayName, passkeys } = person;
  const remove = async (): Promise<undefined> => {
    await removePasskeysOf(api, name);
    onChanged();
    return undefined;
  };
  if (passkeys === 0) return null;
  const label = fill(peopleTexts[language].removePasskeys, { count: passkeys });
  return <ActionButton kind="plain" label={label} of={displayName} act={remove} />;
}

function Block({ person, onChanged }: Omit<PersonCardProps, 'wards'>): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const { name, displayName, blocked } = person;
  const turn = async (): Promise<undefined> => {
    await changePerson(api, name, { blocked: !blocked });
    onChanged();
    return undefined;
  };
  return (
    <p>
      <ActionButton kind="plain" label={blocked ? texts.unblock : texts.block} of={displayName} act={turn} />
      <small class="quiet"> {texts.blockHelp}</small>
    </p>
  );
}

function Remove({ person, onChanged }: Omit<PersonCardProps, 'wards'>): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const [asked, setAsked] = useState(false);
  const { name, displayName } = person;
  const remove = async (): Promise<undefined> => {
    await removePerson(api, name);
    onChanged();
    return undefined;
  };
  if (!asked) {
    return (
      <button type="button" class="plain" onClick={() => setAsked(true)}>
        {`${texts.remove}: ${displayName}`}
      </button>
    );
  }
  return (
    <div class="confirm">
      <p>{fill(texts.removeConfirm, { name: displayName })}</p>
      <ActionButton label={texts.confirm} of={displayName} act={remove} />
      <button type="button" class="plain" onClick={() => setAsked(false)}>
        {texts.cancel}
      </button>
    </div>
  );
}
