import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { may } from '../../shared/roles.ts';
import { staleness } from '../live/page-state.ts';
import { byUrgency } from '../live/rank.ts';
import { useLive, usePage } from '../parts/context.ts';
import { roomName } from '../parts/room-texts.ts';
import { RoomChip } from './room-chip.tsx';
import { RoomFilters } from './room-filters.tsx';
import { RoomTile } from './room-tile.tsx';
import { keepChoice, keptChoice, type RoomChoice, shownRooms, wardsOfRooms } from './shown-rooms.ts';

/** More rooms than fit on a screen get a search field and filters. */
const manyRooms = 16;

/** All rooms, the worst first. */
export function RoomsView(): JSX.Element {
  const { t, session } = usePage();
  const rooms = useLive((state) => state.view.rooms);
  const current = useLive((state) => staleness(state) === undefined);
  const [wanted, setWanted] = useState('');
  const sorted = useMemo(() => byUrgency(Object.values(rooms)), [rooms]);
  const [choice, setChoice] = useState<RoomChoice>(keptChoice);
  const isMany = sorted.length >= manyRooms;
  const wards = useMemo(() => wardsOfRooms(sorted), [sorted]);
  const found = isMany ? shownRooms(sorted, choice, { text: wanted, nameOf: (room) => roomName(t, room) }) : sorted;
  const isCompact = isMany && choice.compact;
  const Room = isCompact ? RoomChip : RoomTile;
  const choose = (next: RoomChoice): void => {
    keepChoice(next);
    setChoice(next);
  };
  const well = sorted.filter((room) => room.condition === 'well').length;
  return (
    <section aria-labelledby="rooms-title">
      <div class="view-head">
        <h1 id="rooms-title">{t('rooms.title')}</h1>
        {current ? <p class="quiet">{t('rooms.summary', { total: sorted.length, well })}</p> : null}
        {may(session.role, 'configure') ? <a href="#/room-settings">{t('setup.open')}</a> : null}
        {isMany ? <RoomFilters choice={choice} wards={wards} onChoose={choose} /> : null}
        {isMany ? (
          <label class="search">
            <span class="visually-hidden">{t('rooms.filter')}</span>
            <input
              type="search"
              placeholder={t('rooms.filter')}
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
        ) : null}
      </div>
      {sorted.length === 0 ? <p class="empty">{t('rooms.none')}</p> : null}
      {sorted.length > 0 && found.length === 0 ? <p class="empty">{t('rooms.none_chosen')}</p> : null}
      <ul class={isCompact ? 'chips' : 'tiles'}>
        {found.map((room) => (
          <Room key={room.id} room={room} current={current} />
        ))}
      </ul>
    </section>
  );
}
