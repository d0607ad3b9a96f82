import type { JSX } from 'preact';
import type { RoomView } from '../../shared/view.ts';
import { staleness } from '../live/page-state.ts';
import { byUrgency } from '../live/rank.ts';
import { useLive, useNow, usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { entryOf, roomName } from '../parts/room-texts.ts';
import { needsAttention } from '../rooms/shown-rooms.ts';
import { fill } from '../texts/fill.ts';
import { clockTime, duration } from '../texts/times.ts';
import { useDailyTestTone } from './daily-test-tone.ts';
import { useKeepAwake } from './keep-awake.ts';
import { stationTexts } from './station-texts.ts';

/** The wall screen of a ward, to be read from across the room: rooms that need a person, the worst first. */
export function StationView(): JSX.Element {
  const { t, language } = usePage();
  const texts = stationTexts[language];
  const rooms = useLive((state) => state.view.rooms);
  const current = useLive((state) => staleness(state) === undefined);
  const now = useNow();
  const testedMs = useDailyTestTone();
  useKeepAwake();
  const all = byUrgency(Object.values(rooms));
  const shown = all.filter(({ condition }) => needsAttention(condition));
  return (
    <section class="station" aria-labelledby="station-title">
      <div class="view-head">
        <h1 id="station-title">{t('station.title')}</h1>
        <p class="station-clock">{clockTime(language, new Date(now).toISOString(), now)}</p>
      </div>
      {current && shown.length === 0 ? (
        <p class="station-quiet tone-well">
          <Icon name="well" /> {fill(texts.quiet, { total: all.length })}
        </p>
      ) : null}
      <ul class="station-rooms">
        {shown.map((room) => (
          <StationRoom key={room.id} room={room} current={current} nowMs={now} />
        ))}
      </ul>
      <p class="quiet" data-tone-test={testedMs === undefined ? 'none' : 'played'}>
        {testedMs === undefined
          ? texts.notTested
          : fill(texts.tested, { time: clockTime(language, new Date(testedMs).toISOString(), now) })}
      </p>
    </section>
  );
}

interface StationRoomProps {
  readonly room: RoomView;
  readonly current: boolean;
  readonly nowMs: number;
}

function StationRoom({ room, current, nowMs }: StationRoomProps): JSX.Element {
  const { t, language } = usePage();
  const incident = useLive((state) => entryOf(state.view.incidents, room.incidentId));
  const who = incident?.by.findLast(({ what }) => what === 'acknowledge')?.who ?? room.report?.by;
  const shown = current ? room.condition : 'unknown';
  const since = current && room.since !== undefined ? new Date(room.since).getTime() : undefined;
  return (
    <li class={`station-room tone-${shown}`} data-room={room.id} data-condition={shown}>
      <Icon name={shown} />
      <div>
        <h2>{roomName(t, room)}</h2>
        <p>
          {t(`condition.${shown}`)}
          {since === undefined ? '' : ` · ${duration(language, nowMs - since)}`}
          {room.condition === 'helping' && who !== undefined
            ? ` · ${t('incident.acknowledged_by', { name: who })}`
            : ''}
        </p>
      </div>
    </li>
  );
}
