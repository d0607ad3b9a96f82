import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { may } from '../../shared/roles.ts';
import { staleness } from '../live/page-state.ts';
import { byUrgency } from '../live/rank.ts';
import { useLive, usePage } from '../parts/context.ts';
import { roomName } from '../parts/room-texts.ts';
import { RoomTile } from './room-tile.tsx';

/** More rooms than fit on a screen get a search field. */
const manyRooms = 16;

/** All rooms, the worst first. */
export function RoomsView(): JSX.Element {
  const { t, session } = usePage();
  const rooms = useLive((state) => state.view.rooms);
  const current = useLive((state) => staleness(state) === undefined);
  const [wanted, setWanted] = useState('');
  const sorted = useMemo(() => byUrgency(Object.values(rooms)), [rooms]);
  const found = sorted.filter((room) => roomName(t, room).toLowerCase().includes(wanted.trim().toLowerCase()));
  const well = sorted.filter((room) => room.condition === 'well').length;
  return (
    <section aria-labelledby="rooms-title">
      <div class="view-head">
        <h1 id="rooms-title">{t('rooms.title')}</h1>
        {current ? <p class="quiet">{t('rooms.summary', { total: sorted.length, well })}</p> : null}
        {may(session.role, 'configure') ? <a href="#/room-settings">{t('setup.open')}</a> : null}
        {sorted.length < manyRooms ? null : (
          <label class="search">
            <span class="visually-hidden">{t('rooms.filter')}</span>
            <input
              type="search"
              placeholder={t('rooms.filter')}
              value={wanted}
              onInput={(event) => setWanted(event.currentTarget.value)}
            />
          </label>
        )}
      </div>
      {sorted.length === 0 ? <p class="empty">{t('rooms.none')}</p> : null}
      <ul class="tiles">
        {found.map((room) => (
          <RoomTile key={room.id} room={room} current={current} />
        ))}
      </ul>
    </section>
  );
}
