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
  /** What may be written into it; a number gets the keys for one. */
  readonly kind?: 'text' | 'number' | 'rate';
}

const patterns = { text: undefined, number: '[0-9]{1,7}', rate: '[0-9]+([.,][0-9]+)?' } as const;
const inputModes = { text: 'text', number: 'numeric', rate: 'decimal' } as const;

/** A field of one line with its explanation. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { name, label, hint, value, onValue, required = false, kind = 'text' } = props;
  return (
    <label class="field" for={`setup-${name}`}>
      <span>{label}</span>
      <input
        id={`setup-${name}`}
        name={name}
        type="text"
        autoComplete="off"
        inputMode={inputModes[kind]}
        pattern={patterns[kind]}
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

export interface StreamSelectProps {
  readonly streams: readonly string[];
  readonly value: string;
  readonly onValue: (stream: string) => void;
}

/** A stream of go2rtc instead of an address; not there where go2rtc has none to offer. */
export function StreamSelect({ streams, value, onValue }: StreamSelectProps): JSX.Element | null {
  const { language } = usePage();
  const s = roomSettingsText(language);
  if (streams.length === 0) return null;
  return (
    <label class="field">
      <span>{s('stream')}</span>
      <select name="stream" value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        <option value="">{s('stream.none')}</option>
        {streams.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

export interface ModelSelectProps {
  readonly models: readonly string[];
  /** Empty: as the policy. */
  readonly value: string;
  readonly onValue: (model: string) => void;
}

/** The model of a room: one that a processor can load, or the one of the policy. */
export function ModelSelect({ models, value, onValue }: ModelSelectProps): JSX.Element {
  const { language } = usePage();
  const s = roomSettingsText(language);
  const offered = value === '' || models.includes(value) ? models : [value, ...models];
  return (
    <label class="field">
      <span>{s('model')}</span>
      <select name="model" value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        <option value="">{s('model.policy')}</option>
        {offered.map((id) => (
          <option key={id} value={id}>
            {id}
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
