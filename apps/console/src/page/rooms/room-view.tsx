import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { may } from '../../shared/roles.ts';
import type { IncidentView, RoomView as Room } from '../../shared/view.ts';
import { IncidentCard } from '../incidents/incident-card.tsx';
import { ReportCard } from '../incidents/report-actions.tsx';
import { canUndo } from '../incidents/verdict.tsx';
import { staleness } from '../live/page-state.ts';
import { ActionButton, Named } from '../parts/action-button.tsx';
import { useLive, useNow, usePage } from '../parts/context.ts';
import { Legend } from '../parts/legend.tsx';
import { RoomFrame } from '../parts/room-frame.tsx';
import { causeText, entryOf, roomName } from '../parts/room-texts.ts';
import { EarlierReplays } from '../replay/replay-details.tsx';
import { clockTime, rate } from '../texts/times.ts';
import { RoomSnapshot } from './room-snapshot.tsx';
import { ConditionLine } from './room-tile.tsx';

/** Long enough to see whether a person needs help. */
const snapshotSeconds = 20;

/** One room in full: how it is and what a carer can do first, then what is seen, then technique. */
export function RoomDetails({ id }: { readonly id: string }): JSX.Element {
  const { t } = usePage();
  const room = useLive((state) => entryOf(state.view.rooms, id));
  return (
    <section aria-labelledby="room-title">
      <p>
        <a href="#/rooms">← {t('room.back')}</a>
      </p>
      <h1 id="room-title">{room === undefined ? t('room.unknown') : roomName(t, room)}</h1>
      {room === undefined ? null : <KnownRoom room={room} />}
    </section>
  );
}

function KnownRoom({ room }: { readonly room: Room }): JSX.Element {
  const current = useLive((state) => staleness(state) === undefined);
  const open = useLive((state) => entryOf(state.view.incidents, room.incidentId));
  const last = useLive((state) => lastVerdict(state.view.incidents, room.id));
  const now = useNow(5000);
  const incident = open ?? (last !== undefined && canUndo(last, now) ? last : undefined);
  const shown = current ? room.condition : 'unknown';
  return (
    <>
      <div class={`room-condition tone-${shown}`} data-room={room.id} data-condition={shown}>
        <ConditionLine room={room} current={current} />
      </div>
      {room.report === undefined ? null : <ReportCard room={room} report={room.report} />}
      {incident === undefined ? null : <IncidentCard key={incident.incident_id} incident={incident} />}
      <EarlierReplays roomId={room.id} />
      <div class={`room-details tone-${shown}`}>
        <RoomSnapshot
          room={room}
          keepSeconds={snapshotSeconds}
          draw={(snapshot) => (
            <>
              <RoomFrame room={room} snapshot={snapshot} />
              <Legend room={room} />
            </>
          )}
        />
        <div class="room-side">
          <RoomFacts room={room} />
          <OperatorActions room={room} />
        </div>
      </div>
    </>
  );
}

/** The incident of this room whose verdict was given last: it can be taken back for a while, here where it was given. */
function lastVerdict(incidents: Readonly<Record<string, IncidentView>>, roomId: number): IncidentView | undefined {
  return Object.values(incidents)
    .filter(({ source_id, verdict }) => source_id === roomId && verdict !== undefined)
    .sort((a, b) => (a.verdict?.at ?? '').localeCompare(b.verdict?.at ?? ''))
    .at(-1);
}

function RoomFacts({ room }: { readonly room: Room }): JSX.Element {
  const { t, language } = usePage();
  const seen = room.lastSeen === undefined ? t('room.never_seen') : clockTime(language, room.lastSeen, Date.now());
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t('room.last'), seen],
    [t('room.watcher'), room.watchers.length === 0 ? t('room.no_watcher') : room.watchers.join(' + ')],
    [t('room.home'), room.home],
    [t('room.model'), room.modelId],
    [t('room.rate.label'), room.maxFps === undefined ? undefined : rate(language, room.maxFps)],
    [t('room.rate.set_by'), room.rateSetBy === undefined ? undefined : t(`room.rate.${room.rateSetBy}`)],
    [t('room.cause'), room.blindCause === undefined ? undefined : causeText(t, room.blindCause)],
  ];
  return (
    <dl class="facts" aria-label={t('room.facts')}>
      {facts.map(([label, value]) =>
        value === undefined ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function OperatorActions({ room }: { readonly room: Room }): JSX.Element | null {
  const { t, api, session, settings } = usePage();
  const [asked, setAsked] = useState(false);
  const name = roomName(t, room);
  if (!may(session.role, 'operate')) return null;
  const drill = async () => {
    const result = await api.toOrchestrator('drill', { source_id: room.id, by: settings.name || undefined });
    setAsked(false);
    return result;
  };
  return (
    <div class="actions">
      {asked ? (
        <div class="confirm">
          <p>{t('room.drill.confirm', { room: name })}</p>
          <ActionButton label={t('action.confirm')} of={name} act={drill} />
          <button type="button" class="plain" onClick={() => setAsked(false)}>
            {t('action.cancel')}
          </button>
        </div>
      ) : (
        <button type="button" class="plain" disabled={room.incidentId !== undefined} onClick={() => setAsked(true)}>
          {t('room.drill', { room: name })}
        </button>
      )}
      {may(session.role, 'configure') ? (
        <a class="button plain" href={`#/zones/${room.id}`}>
          {t('room.edit_zones')}
          <Named of={name} />
        </a>
      ) : null}
    </div>
  );
}
