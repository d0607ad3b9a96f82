import type { RoomView } from '../../shared/view.ts';
import type { PageContext } from './context.ts';

/** What people call the room. */
export function roomName(t: PageContext['t'], room: Pick<RoomView, 'id' | 'name'>): string {
  return room.name ?? t('room.title', { id: room.id });
}

/** Why the picture of a room shows nothing, and what to do; the cause itself where there are no words for it. */
export function causeText(t: PageContext['t'], cause: string): string {
  return isSeenPoorly(cause) ? t(`cause.${cause}`) : cause;
}

/** The camera works, but nothing can be seen: people in the room can help. */
export function isSeenPoorly(cause: string | undefined): cause is 'dark' | 'covered' {
  return cause === 'dark' || cause === 'covered';
}
