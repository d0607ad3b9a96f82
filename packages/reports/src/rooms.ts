import type { ReportRecords } from './records.ts';

export interface RoomOfReport {
  readonly sourceId: number;
  readonly name: string | undefined;
  readonly ward: string | undefined;
}

/** Returns the rooms of the records by number, each with the name and ward that it had last in them. */
export function reportRooms({ days, incidents }: ReportRecords): Map<number, RoomOfReport> {
  const rooms = new Map<number, RoomOfReport>();
  const note = (sourceId: number, name: string | undefined, itsWard: string | undefined): void => {
    const before = rooms.get(sourceId);
    rooms.set(sourceId, { sourceId, name: name ?? before?.name, ward: itsWard ?? before?.ward });
  };
  for (const { source_id, room_name } of incidents) {
    note(source_id, room_name, undefined);
  }
  for (const day of byDate(days)) {
    for (const [key, room] of Object.entries(day.rooms)) {
      note(Number(key), room.room_name, room.ward);
    }
  }
  return new Map([...rooms].sort(([a], [b]) => a - b));
}

/**
 * Returns the records of one ward: of each day the rooms that belonged to it on that day, and the incidents that began in one of its
 * rooms. A day without a record of the room counts as the last one before it.
 * @param dateOf the day at the site of a time, epoch ms
 */
export function ofWard(records: ReportRecords, ward: string, dateOf: (ms: number) => string): ReportRecords {
  const sorted = byDate(records.days);
  const wardOn = (sourceId: number, date: string): string | undefined => {
    const key = String(sourceId);
    const day =
      sorted.findLast((one) => one.date <= date && one.rooms[key] !== undefined) ??
      sorted.find((one) => one.rooms[key] !== undefined);
    return day?.rooms[key]?.ward;
  };
  return {
    incidents: records.incidents.filter(
      ({ source_id, alarms, opened_at }) => wardOn(source_id, dateOf(Date.parse(alarms[0] ?? opened_at))) === ward,
    ),
    days: records.days.map(({ date, time_zone, rooms }) => {
      const itsRooms = Object.entries(rooms).filter(([, room]) => room.ward === ward);
      return { date, time_zone, rooms: Object.fromEntries(itsRooms) };
    }),
  };
}

/** Returns the wards that rooms of the records belong to, or belonged to, sorted. */
export function wardsOf({ days }: ReportRecords): string[] {
  const wards = new Set(days.flatMap(({ rooms }) => Object.values(rooms).flatMap(({ ward }) => ward ?? [])));
  return [...wards].sort((a, b) => a.localeCompare(b));
}

function byDate(days: ReportRecords['days']): ReportRecords['days'] {
  return [...days].sort((a, b) => a.date.localeCompare(b.date));
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
