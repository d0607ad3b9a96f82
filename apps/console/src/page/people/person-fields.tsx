import type { JSX } from 'preact';
import type { NewPerson, PersonView } from '../../shared/people-view.ts';
import { type Role, roles } from '../../shared/roles.ts';
import { usePage } from '../parts/context.ts';
import { fill } from '../texts/fill.ts';
import { peopleTexts } from './people-texts.ts';

export interface PersonFieldsProps {
  /** Undefined: of a new account. */
  readonly person: PersonView | undefined;
  /** Wards of the site. */
  readonly wards: readonly string[];
}

/** Name, role, wards and rights of an account; only rights of one whose provider decides the rest. */
export function PersonFields({ person, wards }: PersonFieldsProps): JSX.Element {
  const { t, language } = usePage();
  const texts = peopleTexts[language];
  const { displayName = '', role = 'nurse', wards: own = [], clips = false, provider } = person ?? {};
  // what is a display stays one
  const choices = roles.filter((one) => person === undefined || (one === 'station') === (role === 'station'));
  const clipsField = (
    <label class="check">
      <input type="checkbox" name="clips" defaultChecked={clips} />
      <span>{texts.clips}</span>
    </label>
  );
  if (provider !== undefined) return clipsField;
  return (
    <>
      <label class="field">
        <span>{texts.displayName}</span>
        <input name="displayName" defaultValue={displayName} maxLength={128} required autoComplete="off" />
      </label>
      <label class="field">
        <span>{texts.role}</span>
        <select name="role" defaultValue={role}>
          {choices.map((one) => (
            <option key={one} value={one} selected={one === role}>
              {t(`role.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{texts.wards}</span>
        <input name="wards" defaultValue={own.join(', ')} placeholder={texts.allWards} autoComplete="off" />
        <small class="quiet">
          {texts.wardsHelp} {wards.length === 0 ? '' : fill(texts.wardsKnown, { wards: wards.join(', ') })}
        </small>
      </label>
      {clipsField}
    </>
  );
}

/** Returns what the fields hold. */
export function readFields(form: HTMLFormElement): Pick<NewPerson, 'displayName' | 'role' | 'wards' | 'clips'> {
  const data = new FormData(form);
  const wards = String(data.get('wards') ?? '')
    .split(',')
    .map((ward) => ward.trim())
    .filter((ward) => ward !== '');
  return {
    displayName: String(data.get('displayName') ?? '').trim(),
    role: String(data.get('role')) as Role,
    wards,
    clips: data.get('clips') !== null,
  };
}
