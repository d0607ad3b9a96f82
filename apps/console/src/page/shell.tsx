import type { JSX } from 'preact';
import { may } from '../shared/roles.ts';
import { AlarmBar } from './incidents/alarm-bar.tsx';
import { IncidentsView } from './incidents/incidents-view.tsx';
import { soundAlarm } from './incidents/sound.ts';
import { alarms } from './live/rank.ts';
import { staleness } from './live/store.ts';
import { useLive, usePage, useRoute } from './parts/context.ts';
import { Icon } from './parts/icon.tsx';
import { SettingsMenu } from './parts/settings-menu.tsx';
import { ProcessorsView } from './processors/processors-view.tsx';
import { RoomDetails } from './rooms/room-view.tsx';
import { RoomsView } from './rooms/rooms-view.tsx';
import { clockTime } from './texts/times.ts';
import { ZonesView } from './zones/zones-view.tsx';

/** The frame around every view: where one is, whether it is current, what cannot wait. */
export function Shell(): JSX.Element {
  const { t } = usePage();
  const route = useRoute();
  const stale = useLive((state) => staleness(state) !== undefined);
  return (
    <div class={stale ? 'shell stale' : 'shell'}>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {t('app.skip')}
      </button>
      <header class="bar">
        <p class="brand">Vigilia</p>
        <Navigation active={route[0] ?? 'rooms'} />
        <LinkState />
        <SoundSwitch />
        <SettingsMenu />
      </header>
      <div class="urgent">
        <StaleBar />
        <AlarmBar />
      </div>
      <main id="content" tabIndex={-1}>
        <View route={route} />
      </main>
    </div>
  );
}

function View({ route }: { readonly route: readonly string[] }): JSX.Element {
  const { session } = usePage();
  const [view, id] = route;
  if (view === 'incidents') return <IncidentsView />;
  if (view === 'processors') return <ProcessorsView />;
  if (view === 'zones' && may(session.role, 'configure')) return <ZonesView id={id} />;
  return id === undefined ? <RoomsView /> : <RoomDetails id={id} />;
}

function Navigation({ active }: { readonly active: string }): JSX.Element {
  const { t, session } = usePage();
  const open = useLive((state) => alarms(Object.values(state.view.incidents)).length);
  const views = ['rooms', 'incidents', 'processors', ...(may(session.role, 'configure') ? ['zones'] : [])] as const;
  return (
    <nav aria-label={t('nav.label')}>
      {(views as readonly ('rooms' | 'incidents' | 'processors' | 'zones')[]).map((view) => (
        <a key={view} href={`#/${view}`} aria-current={view === active ? 'page' : undefined}>
          <Icon name={view} />
          <span>{t(`nav.${view}`)}</span>
          {view === 'incidents' && open > 0 ? <b class="count">{open}</b> : null}
        </a>
      ))}
    </nav>
  );
}

function LinkState(): JSX.Element {
  const { t } = usePage();
  const state = useLive((live) => {
    const stale = staleness(live);
    if (stale === undefined) return 'live';
    return stale.reason === 'first' ? 'connecting' : 'not_current';
  });
  return (
    <p class={`link link-${state}`} role="status">
      {t(`link.${state}`)}
    </p>
  );
}

function SoundSwitch(): JSX.Element {
  const { t, settings, change } = usePage();
  const label = settings.sound ? t('app.sound.turn_off') : t('app.sound.turn_on');
  const turn = (): void => {
    // heard at once, so that one knows how it sounds, and because a browser wants a touch before any sound
    if (!settings.sound) soundAlarm();
    change({ sound: !settings.sound });
  };
  return (
    <button type="button" class="round" aria-label={label} title={label} aria-pressed={settings.sound} onClick={turn}>
      <Icon name={settings.sound ? 'sound' : 'mute'} />
    </button>
  );
}

function StaleBar(): JSX.Element | null {
  const { t, language } = usePage();
  const reason = useLive((state) => staleness(state)?.reason);
  const sinceMs = useLive((state) => staleness(state)?.sinceMs);
  if (reason === undefined || sinceMs === undefined) return null;
  const time = clockTime(language, new Date(sinceMs).toISOString(), Date.now());
  return (
    <div class="stale-bar" role="alert">
      <Icon name="unknown" />
      <p>
        {reason === 'first' ? null : <strong>{t('stale.title', { time })} </strong>}
        {t(`stale.${reason}`)}
      </p>
    </div>
  );
}
