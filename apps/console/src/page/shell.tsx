import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { may, type Permission } from '../shared/roles.ts';
import { AlarmBar, alarmText, useAlarms } from './incidents/alarm-bar.tsx';
import { IncidentsView } from './incidents/incidents-view.tsx';
import { staleness } from './live/page-state.ts';
import { useAddress, useLive, usePage } from './parts/context.ts';
import { Icon } from './parts/icon.tsx';
import { later } from './parts/later.tsx';
import { useRestoredFocus } from './parts/restore-focus.ts';
import { entryOf, roomName } from './parts/room-texts.ts';
import { RoomDetails } from './rooms/room-view.tsx';
import { RoomsView } from './rooms/rooms-view.tsx';
import { SettingsMenu } from './settings/settings-menu.tsx';
import { SoundBar, SoundSwitch } from './sound/sound-controls.tsx';
import { FaultBar } from './system/fault-bar.tsx';
import type { TextKey } from './texts/en.ts';

const AccountView = later(async () => (await import('./people/account-view.tsx')).AccountView);
const PeopleView = later(async () => (await import('./people/people-view.tsx')).PeopleView);
const PolicyPage = later(async () => (await import('./policy/policy-page.tsx')).PolicyPage);
const ProcessorsView = later(async () => (await import('./processors/processors-view.tsx')).ProcessorsView);
const ReportsView = later(async () => (await import('./reports/reports-view.tsx')).ReportsView);
const RoomsSetup = later(async () => (await import('./room-settings/room-settings-view.tsx')).RoomsSetup);
const StationView = later(async () => (await import('./station/station-view.tsx')).StationView);
const SystemPage = later(async () => (await import('./system/system-page.tsx')).SystemPage);
const ZonesView = later(async () => (await import('./zones/zones-view.tsx')).ZonesView);

/** The frame around every view: where one is, whether it is current, what cannot wait. */
export function Shell(): JSX.Element {
  const { t, session } = usePage();
  const [view = session.role === 'station' ? 'station' : 'rooms', id] = useAddress()
    .split('/')
    .filter((part) => part !== '');
  const stale = useLive((state) => staleness(state) !== undefined);
  useRestoredFocus();
  useTitle(view, id);
  return (
    <div class={stale ? 'shell stale' : 'shell'} data-view={view}>
      <button type="button" class="skip" onClick={() => document.getElementById('content')?.focus()}>
        {t('app.skip')}
      </button>
      <header class="bar">
        <p class="brand">Vigilia</p>
        {view === 'station' ? <ToRooms /> : <Navigation active={view} />}
        <LinkState />
        <SoundSwitch />
        <SettingsMenu />
      </header>
      <div class="urgent">
        <AlarmBar />
        <FaultBar />
        <SoundBar />
      </div>
      <main id="content" tabIndex={-1}>
        <View view={view} id={id} />
      </main>
    </div>
  );
}

interface ViewProps {
  readonly view: string;
  readonly id: string | undefined;
}

/** Each room has a view of its own: nothing that was opened, asked or typed in one room is carried to another. */
function View({ view, id }: ViewProps): JSX.Element {
  const { session } = usePage();
  if (view === 'incidents') return <IncidentsView />;
  if (view === 'station') return <StationView />;
  if (view === 'processors') return <ProcessorsView />;
  if (view === 'reports' && may(session.role, 'report')) return <ReportsView />;
  if (view === 'room-settings' && may(session.role, 'configure')) return <RoomsSetup id={id} />;
  if (view === 'people' && may(session.role, 'accounts')) return <PeopleView />;
  if (view === 'account' && session.signInNeeded) return <AccountView />;
  if (view === 'policy' && may(session.role, 'configure')) return <PolicyPage />;
  if (view === 'system' && may(session.role, 'configure')) return <SystemPage />;
  if (view === 'zones' && may(session.role, 'configure')) return <ZonesView id={id} />;
  // the provider's refusal leads to `sign-in`, also while the page is signed in
  return id === undefined || view === 'sign-in' ? <RoomsView /> : <RoomDetails key={id} id={id} />;
}

/** Names the view in the title, after the number of alarms and the worst of them. */
function useTitle(view: string, id: string | undefined): void {
  const { t } = usePage();
  const room = useLive((state) => entryOf(state.view.rooms, id));
  const alarms = useAlarms();
  const place =
    room === undefined ? t(titles[view] ?? (isView(view) ? `nav.${view}` : 'nav.rooms')) : roomName(t, room);
  const worst = alarms[0];
  const alarm = worst === undefined ? '' : `(${alarms.length}) ${alarmText(t, worst)} · `;
  const title = `${alarm}${place}${view === 'zones' && room !== undefined ? ` · ${t('nav.zones')}` : ''} · Vigilia`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

const navigation = ['rooms', 'incidents', 'processors', 'zones', 'reports', 'people'] as const;
/** Policy and system are opened from the settings menu: the navigation of a phone has no room for them. */
const views = [...navigation, 'policy', 'system'] as const;

/** Views that not every signed-in person has. */
const neededFor: Partial<Record<(typeof views)[number], Permission>> = {
  zones: 'configure',
  policy: 'configure',
  system: 'configure',
  reports: 'report',
  people: 'accounts',
};

/** Views without an entry of the navigation. */
const titles: Readonly<Record<string, TextKey>> = { station: 'station.title', account: 'nav.account' };

function isView(name: string): name is (typeof views)[number] {
  return (views as readonly string[]).includes(name);
}

function Navigation({ active }: { readonly active: string }): JSX.Element {
  const { t, session } = usePage();
  const open = useAlarms().length;
  const shown = navigation.filter((view) => may(session.role, neededFor[view] ?? 'look'));
  return (
    <nav aria-label={t('nav.label')}>
      {shown.map((view) => (
        <a key={view} href={`#/${view}`} aria-current={view === active ? 'page' : undefined}>
          <Icon name={view} />
          <span>{t(`nav.${view}`)}</span>
          {view === 'incidents' && open > 0 ? <b class="count">{open}</b> : null}
        </a>
      ))}
    </nav>
  );
}

/** A wall screen has one way out of its view, and no other entries. */
function ToRooms(): JSX.Element {
  const { t } = usePage();
  return (
    <p class="to-rooms">
      <a href="#/rooms">{t('room.back')}</a>
    </p>
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
