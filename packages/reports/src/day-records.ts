import { withoutUndefined } from '@vigilia/protocol';
import { z } from 'zod';
import { daySummarySchema, type GapKind, gapKinds, quarterMs, type RoomDay } from './records.ts';

/** The sums of one room in one minute, as one life of the event sink counted them. */
export interface RoomMinuteFacts {
  readonly sourceId: number;
  /** Start of the minute, epoch ms. */
  readonly startMs: number;
  /** The life of the sink: two lives within one minute are two parts of it. */
  readonly bootId: string;
  readonly roomName?: string | undefined;
  readonly ward?: string | undefined;
  readonly recordedMs: number;
  readonly frames: number;
  readonly gaps: Readonly<Record<GapKind, Readonly<Record<string, number>>>>;
}

export const dayRecordSchema = daySummarySchema.extend({
  /** Life of the sink → room → last minute that was added (minutes since 1970): minutes that arrive again are passed over. */
  applied: z.record(z.string(), z.record(z.string(), z.number())),
  /** The day is over, and other stores have it. */
  emitted: z.boolean().optional(),
});
/** A day while minutes are added to it. */
export type DayRecord = z.infer<typeof dayRecordSchema>;

export function newDay(date: string, timeZone: string): DayRecord {
  return { date, time_zone: timeZone, rooms: {}, applied: {} };
}

/**
 * Adds a minute to its day, in place. Minutes of one life arrive in order, so one that is not later than the last was added before.
 * @returns whether it was added
 */
export function addMinute(day: DayRecord, minute: RoomMinuteFacts): boolean {
  const key = String(minute.sourceId);
  const number = Math.floor(minute.startMs / 60_000);
  let ofLife = day.applied[minute.bootId];
  if (ofLife === undefined) {
    ofLife = {};
    day.applied[minute.bootId] = ofLife;
  }
  if (number <= (ofLife[key] ?? -1)) return false;
  ofLife[key] = number;
  const before = day.rooms[key];
  const room: RoomDay = withoutUndefined({
    room_name: minute.roomName ?? before?.room_name,
    ward: minute.ward ?? before?.ward,
    recorded_ms: (before?.recorded_ms ?? 0) + minute.recordedMs,
    frames: (before?.frames ?? 0) + minute.frames,
    gaps: before?.gaps ?? {},
  });
  day.rooms[key] = room;
  addGaps(room, minute);
  return true;
}

function addGaps(room: RoomDay, minute: RoomMinuteFacts): void {
  const key = String(Math.floor(minute.startMs / quarterMs));
  for (const kind of gapKinds) {
    for (const [cause, gapMs] of Object.entries(minute.gaps[kind])) {
      if (gapMs <= 0) continue;
      const quarter = room.gaps[key] ?? {};
      const causes = quarter[kind] ?? {};
      causes[cause] = (causes[cause] ?? 0) + gapMs;
      quarter[kind] = causes;
      room.gaps[key] = quarter;
    }
  }
}
