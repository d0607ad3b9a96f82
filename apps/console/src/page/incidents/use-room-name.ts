import type { IncidentView } from '../../shared/view.ts';
import { useLive, usePage } from '../parts/context.ts';
import { roomName } from '../parts/room-texts.ts';

/** Returns what people call the room of an incident. */
export function useRoomName({ source_id, room_name }: IncidentView): string {
  const { t } = usePage();
  const known = useLive((state) => state.view.rooms[String(source_id)]?.name);
  return roomName(t, { id: source_id, name: known ?? room_name });
}
