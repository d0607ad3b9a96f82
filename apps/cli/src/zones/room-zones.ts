import type { DesiredRooms, RoomState, Status, Zone } from '@vigilia/protocol';

/** What is known of a room's zones. */
export interface ZonesOfRoom {
  /** Processors that watch the room now. */
  readonly watchers: readonly string[];
  /** undefined: never configured. */
  readonly inForce: readonly Zone[] | undefined;
  /** undefined: the desired state has no zones for the room, or does not have the room. */
  readonly desired: readonly Zone[] | undefined;
}

/** Gathers them from what the broker retains. Pure. */
export function zonesOfRoom(
  room: number,
  known: {
    readonly processors: readonly Status[];
    readonly rooms: readonly RoomState[];
    readonly desired: DesiredRooms | undefined;
  },
): ZonesOfRoom {
  const watching = known.processors.filter(
    ({ status, streams = [] }) => status !== 'offline' && streams.some((one) => one.source_id === room),
  );
  return {
    watchers: watching.map((processor) => processor.instance_id),
    inForce: known.rooms.find((one) => one.source_id === room)?.zones,
    desired: known.desired?.rooms[String(room)]?.zones,
  };
}

/** Whether the desired state has exactly these zones for the room. */
export function holdsZones(desired: DesiredRooms | undefined, room: number, zones: readonly Zone[]): boolean {
  return JSON.stringify(desired?.rooms[String(room)]?.zones) === JSON.stringify(zones);
}

/** One line a zone; a sentence where there are none. */
export function describeZones(room: number, { inForce, desired, watchers }: ZonesOfRoom): string {
  const zones = inForce ?? desired;
  if (zones === undefined) return `The zones of room ${room} were never set.`;
  const lines = zones.map(({ kind, name, points }) => {
    const corners = points.map(([x, y]) => `${x},${y}`).join(' ');
    return `${kind}${name === undefined ? '' : `=${name}`}:${corners}`;
  });
  const head = zones.length === 0 ? [`Room ${room} has no zones.`] : [];
  const differs = inForce !== undefined && desired !== undefined && JSON.stringify(inForce) !== JSON.stringify(desired);
  const notes = [
    ...(differs ? ['The desired state has other zones.'] : []),
    ...(watchers.length === 0 ? [`No processor monitors room ${room} at the moment.`] : []),
  ];
  return [...head, ...lines, ...notes].join('\n');
}
