import type { JSX } from 'preact';
import type { RoomsSettingsView } from '../../shared/room-settings.ts';
import { usePage } from '../parts/context.ts';
import type { RoomDone } from './change-text.ts';
import { roomSettingsText } from './room-settings-texts.ts';

export interface TextFieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly required?: boolean;
  readonly numeric?: boolean;
}

/** A field of one line with its explanation. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { name, label, hint, value, onValue, required = false, numeric = false } = props;
  return (
    <label class="field" for={`setup-${name}`}>
      <span>{label}</span>
      <input
        id={`setup-${name}`}
        name={name}
        type="text"
        autoComplete="off"
        inputMode={numeric ? 'numeric' : 'text'}
        pattern={numeric ? '[0-9]{1,7}' : undefined}
        required={required}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint === undefined ? null : <small class="quiet">{hint}</small>}
    </label>
  );
}

export interface HomeSelectProps {
  readonly homes: RoomsSettingsView['homes'];
  readonly value: string;
  readonly onValue: (home: string) => void;
  /** The orchestrator may choose. */
  readonly automatic?: boolean;
}

/** The processors that run, with how many rooms each has. */
export function HomeSelect({ homes, value, onValue, automatic = false }: HomeSelectProps): JSX.Element {
  const { language } = usePage();
  const s = roomSettingsText(language);
  return (
    <label class="field">
      <span>{s('home')}</span>
      <select name="home" value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {automatic ? <option value="">{s('home.automatic')}</option> : null}
        {homes
          .filter(({ id, online }) => online || id === value)
          .map(({ id, rooms }) => (
            <option key={id} value={id}>
              {s('home.rooms', { home: id, rooms })}
            </option>
          ))}
      </select>
    </label>
  );
}

/** What became of the last change. */
export function DoneLine({ busy, done }: { readonly busy: boolean; readonly done: RoomDone | undefined }): JSX.Element {
  const { t } = usePage();
  return (
    <div role="status" class="outcome">
      {busy ? <p>{t('commands.sending')}</p> : null}
      {busy || done === undefined ? null : <p class={done.ok ? 'good' : 'trouble'}>{done.text}</p>}
    </div>
  );
}

export function optionalText(text: string): string | undefined {
  return text.trim() === '' ? undefined : text.trim();
}

/** A decimal comma is a decimal point. */
export function optionalNumber(text: string): number | undefined {
  return text.trim() === '' ? undefined : Number(text.trim().replace(',', '.'));
}
