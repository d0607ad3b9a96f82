import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { usePage } from '../parts/context.ts';
import { fill } from '../texts/fill.ts';
import { addPerson } from './people-api.ts';
import { peopleTexts } from './people-texts.ts';
import { PersonFields, readFields } from './person-fields.tsx';
import { usePeopleApi } from './use-people-api.ts';
import { useSubmit } from './use-submit.ts';

export interface AddPersonProps {
  readonly wards: readonly string[];
  readonly onChanged: () => void;
}

/** The form for a new account. A wall screen gets a link instead of a password. */
export function AddPerson({ wards, onChanged }: AddPersonProps): JSX.Element {
  const { language } = usePage();
  const api = usePeopleApi();
  const texts = peopleTexts[language];
  const [link, setLink] = useState('');
  const [added, setAdded] = useState(0);
  const { busy, outcome, onSubmit } = useSubmit(async (form) => {
    const data = new FormData(form);
    const name = String(data.get('name')).trim().toLowerCase();
    const password = String(data.get('password') ?? '');
    const answer = await addPerson(api, {
      name,
      password: password === '' ? undefined : password,
      ...readFields(form),
    });
    setLink(answer.link === undefined ? '' : `${location.origin}${location.pathname}#${answer.link}`);
    // new fields: a reset would not restore the role
    setAdded((before) => before + 1);
    onChanged();
    return fill(texts.added, { name });
  });
  return (
    <details class="panel add-person">
      <summary>{texts.add}</summary>
      <form key={added} onSubmit={onSubmit}>
        <label class="field">
          <span>{texts.name}</span>
          <input name="name" required pattern="[a-z0-9._\-]{1,64}" autoCapitalize="none" autoComplete="off" />
          <small class="quiet">{texts.nameHelp}</small>
        </label>
        <PersonFields person={undefined} wards={wards} />
        <label class="field">
          <span>{texts.password}</span>
          <input name="password" type="password" autoComplete="new-password" />
          <small class="quiet">{texts.passwordHelp}</small>
        </label>
        <button type="submit" class="main" disabled={busy}>
          {texts.addButton}
        </button>
        <p role="status">{outcome}</p>
        {link === '' ? null : (
          <p>
            {texts.link} <code>{link}</code>
          </p>
        )}
      </form>
    </details>
  );
}
