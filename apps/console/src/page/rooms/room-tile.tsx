import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import type { RoomView } from '../../shared/view.ts';
import { usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { RoomFrame } from '../parts/room-frame.tsx';
import { causeText, isSeenPoorly, roomName } from '../parts/room-texts.ts';
import { clockTime, rate } from '../texts/times.ts';

export interface RoomTileProps {
  readonly room: RoomView;
  /** Whether what is shown is how things are now. */
  readonly current: boolean;
}

/** A room at a glance. Drawn again only when this room changes: there may be hundreds. */
export const RoomTile = memo(function RoomTile({ room, current }: RoomTileProps): JSX.Element {
  const { t } = usePage();
  const shown = current ? room.condition : 'unknown';
  return (
    <li class={`tile tone-${shown}`} data-room={room.id} data-condition={shown}>
      <a class="tile-link" href={`#/rooms/${room.id}`}>
        <RoomFrame room={room} />
        <div class="tile-text">
          <h2 class="tile-name">{roomName(t, room)}</h2>
          <ConditionLine room={room} current={current} />
          <WatchLine room={room} />
        </div>
      </a>
    </li>
  );
});

export function ConditionLine({ room, current }: RoomTileProps): JSX.Element {
  const { t, language } = usePage();
  if (!current) {
    return (
      <p class="condition">
        <Icon name="unknown" />
        <span>
          <b>{t('condition.unknown')}</b>
          <small>{t('room.last_known', { condition: t(`condition.${room.condition}`) })}</small>
        </span>
      </p>
    );
  }
  const since = room.since === undefined ? '' : t('room.since', { time: clockTime(language, room.since, Date.now()) });
  return (
    <p class="condition">
      <Icon name={room.condition} />
      <span>
        <b>{t(`condition.${room.condition}`)}</b>
        {since === '' ? null : <small>{since}</small>}
        {isSeenPoorly(room.blindCause) ? <small class="cause">{causeText(t, room.blindCause)}</small> : null}
        {room.unwatchedCause === undefined ? null : <small>{t(`unwatched.${room.unwatchedCause}`)}</small>}
      </span>
    </p>
  );
}

function WatchLine({ room }: { readonly room: RoomView }): JSX.Element {
  const { t, language } = usePage();
  const seen =
    room.lastSeen === undefined
      ? t('room.never_seen')
      : t('room.seen', { time: clockTime(language, room.lastSeen, Date.now()) });
  const watched = [
    room.watchers.length === 0 ? t('room.no_watcher') : room.watchers.join(' + '),
    ...(room.modelId === undefined ? [] : [room.modelId]),
    // a number is not parted from its unit at the end of a line
    ...(room.maxFps === undefined ? [] : [rate(language, room.maxFps).replaceAll(' ', '\u00a0')]),
  ];
  return (
    <p class="watch">
      <span>{seen}</span>
      <span>{watched.join(' · ')}</span>
      {room.handoverTo === undefined ? null : <span>{t('room.handover_to', { to: room.handoverTo })}</span>}
    </p>
  );
}
