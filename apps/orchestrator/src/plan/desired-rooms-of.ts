import { type DesiredRoom, type DesiredRooms, withoutUndefined } from '@vigilia/protocol';

/** Returns the desired state as it is published: rooms in order of their numbers. */
export function desiredRoomsOf(
  desired: ReadonlyMap<number, DesiredRoom>,
  removed: ReadonlyMap<number, string>,
  at: Pick<DesiredRooms, 'updated_at' | 'revision'>,
): DesiredRooms {
  const sorted = [...desired].sort(([a], [b]) => a - b);
  return withoutUndefined({
    rooms: Object.fromEntries(sorted.map(([sourceId, room]) => [String(sourceId), room])),
    removed: removed.size === 0 ? undefined : Object.fromEntries(removed),
    updated_at: at.updated_at,
    revision: at.revision,
  });
}
