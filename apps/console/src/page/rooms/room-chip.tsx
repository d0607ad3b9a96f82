import type { JSX } from 'preact';
import { memo } from 'preact/compat';
import { usePage } from '../parts/context.ts';
import { Icon } from '../parts/icon.tsx';
import { roomName } from '../parts/room-texts.ts';
import type { RoomTileProps } from './room-tile.tsx';

/** A room in the compact list: its name and its condition. Drawn again only when this room changes. */
export const RoomChip = memo(function RoomChip({ room, current }: RoomTileProps): JSX.Element {
  const { t } = usePage();
  const shown = current ? room.condition : 'unknown';
  return (
    <li class={`chip tone-${shown}`} data-room={room.id} data-condition={shown}>
      <a href={`#/rooms/${room.id}`}>
        <Icon name={shown} />
        <span class="chip-name">{roomName(t, room)}</span>
        <span class="visually-hidden">{t(`condition.${shown}`)}</span>
      </a>
    </li>
  );
});
