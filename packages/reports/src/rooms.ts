import type { ReportRecords } from './records.ts';

export interface RoomOfReport {
  readonly sourceId: number;
  readonly name: string | undefined;
  readonly ward: string | undefined;
}

/** Returns the rooms of the records by number, each with the name and ward that it had last; of one ward only where one is given. */
export function reportRooms({ days, incidents }: ReportRecords, ward?: string): Map<number, RoomOfReport> {
  const rooms = new Map<number, RoomOfReport>();
  const note = (sourceId: number, name: string | undefined, itsWard: string | undefined): void => {
    const before = rooms.get(sourceId);
    rooms.set(sourceId, { sourceId, name: name ?? before?.name, ward: itsWard ?? before?.ward });
  };
  for (const { source_id, room_name } of incidents) {
    note(source_id, room_name, undefined);
  }
  for (const day of [...days].sort((a, b) => a.date.localeCompare(b.date))) {
    for (const [key, room] of Object.entries(day.rooms)) {
      note(Number(key), room.room_name, room.ward);
    }
  }
  const sorted = [...rooms.values()].sort((a, b) => a.sourceId - b.sourceId);
  return new Map(
    sorted.filter((room) => ward === undefined || room.ward === ward).map((room) => [room.sourceId, room]),
  );
}

/** Returns the wards that the rooms of the records belong to, sorted. */
export function wardsOf(records: ReportRecords): string[] {
  const wards = [...reportRooms(records).values()].flatMap(({ ward }) => ward ?? []);
  return [...new Set(wards)].sort((a, b) => a.localeCompare(b));
}

/** Returns what the records state about some rooms only; each room is judged with the name and the ward that it had last. */
export function recordsOfRooms(records: ReportRecords, keeps: (room: RoomOfReport) => boolean): ReportRecords {
  const kept = new Set([...reportRooms(records).values()].filter(keeps).map(({ sourceId }) => sourceId));
  return {
    incidents: records.incidents.filter(({ source_id }) => kept.has(source_id)),
    days: records.days.map(({ date, time_zone, rooms }) => {
      const shown = Object.entries(rooms).filter(([key]) => kept.has(Number(key)));
      return { date, time_zone, rooms: Object.fromEntries(shown) };
    }),
  };
}
