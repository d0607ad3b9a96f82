import type { RoomView } from '../../shared/view.ts';
import type { PageContext } from './context.ts';

/** What people call the room. */
export function roomName(t: PageContext['t'], room: Pick<RoomView, 'id' | 'name'>): string {
  return room.name ?? t('room.title', { id: room.id });
}
