import type { JSX } from 'preact';
import { may } from '../../shared/roles.ts';
import { type Theme, themes } from '../live/settings.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { useLive, usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { NameField } from '../parts/name-field.tsx';
import { AlarmsOnDevice } from '../push/alarms-on-device.tsx';
import { TestToneButton } from '../sound/sound-controls.tsx';
import { type Language, languages } from '../texts/translate.ts';

/** Language, appearance, name, whether snapshots are allowed, sign out: behind one button. */
export function SettingsMenu(): JSX.Element {
  const { t, session, settings, change, signOut } = usePage();
  const roleText = [t(`role.${session.role}`), ...(session.wards ?? [])].join(', ');
  return (
    <details class="menu">
      <summary aria-label={t('app.settings')} title={t('app.settings')}>
        <Icon name="settings" />
      </summary>
      <div class="menu-body">
        <p class="quiet">
          {session.name === undefined
            ? t('app.no_sign_in')
            : t('app.signed_in', { name: session.name, role: roleText })}
        </p>
        {session.name === undefined ? (
          <NameField name="own-name" label={t('app.name')} help={t('app.name.help')} />
        ) : null}
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
        <TestToneButton />
        <a class="button plain" href="#/station">
          {t('station.open')}
        </a>
        <AlarmsOnDevice />
        {may(session.role, 'configure') ? (
          <>
            {(['policy', 'system'] as const).map((view) => (
              <a key={view} class="button plain" href={`#/${view}`}>
                {t(`nav.${view}`)}
              </a>
            ))}
            <SnapshotPolicy />
          </>
        ) : null}
        {session.signInNeeded && session.role !== 'station' ? (
          <a class="button plain" href="#/account">
            {t('nav.account')}
          </a>
        ) : null}
        {session.signInNeeded ? (
          <button type="button" class="plain" onClick={signOut}>
            {t('app.sign_out')}
          </button>
        ) : null}
      </div>
    </details>
  );
}

/** Whether snapshots may leave a processor at all: the policy's switch. */
function SnapshotPolicy(): JSX.Element {
  const { t, api, settings } = usePage();
  const on = useLive((state) => state.view.head.snapshots);
  const acting = useLive((state) => state.view.head.orchestrator?.status === 'acting');
  const changes = [{ path: ['snapshots'], value: !on }];
  const turn = () => api.toOrchestrator('change_policy', { changes, by: settings.name || undefined });
  return (
    <div class="field" data-pictures={on ? 'on' : 'off'}>
      <span>{t('app.snapshots')}</span>
      <small class="quiet">{t(on ? 'app.snapshots.on' : 'app.snapshots.off')}</small>
      <ActionButton
        kind="plain"
        label={t(on ? 'app.snapshots.forbid' : 'app.snapshots.allow')}
        disabled={!acting}
        act={turn}
      />
    </div>
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
