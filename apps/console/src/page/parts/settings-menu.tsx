import type { JSX } from 'preact';
import { type Theme, themes } from '../live/settings.ts';
import { type Language, languages } from '../texts/translate.ts';
import { usePage } from './context.ts';
import { Icon } from './icon.tsx';

/** Language, appearance, name, sign out: behind one button. */
export function SettingsMenu(): JSX.Element {
  const { t, session, settings, change, signOut } = usePage();
  return (
    <details class="menu">
      <summary aria-label={t('app.settings')} title={t('app.settings')}>
        <Icon name="settings" />
      </summary>
      <div class="menu-body">
        <p class="quiet">
          {session.name === undefined
            ? t('app.no_sign_in')
            : t('app.signed_in', { name: session.name, role: t(`role.${session.role}`) })}
        </p>
        {session.name === undefined ? <OwnName /> : null}
        <Choice
          name="language"
          label={t('app.language')}
          value={settings.language}
          options={Object.entries(languages)}
          onChoose={(language) => change({ language: language as Language })}
        />
        <Choice
          name="theme"
          label={t('app.theme')}
          value={settings.theme}
          options={themes.map((theme) => [theme, t(`theme.${theme}`)] as const)}
          onChoose={(theme) => change({ theme: theme as Theme })}
        />
        {session.signInNeeded ? (
          <button type="button" class="plain" onClick={signOut}>
            {t('app.sign_out')}
          </button>
        ) : null}
      </div>
    </details>
  );
}

/** Where nobody signs in, one says who one is. */
function OwnName(): JSX.Element {
  const { t, settings, change } = usePage();
  return (
    <label class="field">
      <span>{t('app.name')}</span>
      <input
        name="own-name"
        autoComplete="name"
        maxLength={64}
        value={settings.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <small class="quiet">{t('app.name.help')}</small>
    </label>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, label: string])[];
  readonly onChoose: (value: string) => void;
}

function Choice({ name, label, value, options, onChoose }: ChoiceProps): JSX.Element {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
