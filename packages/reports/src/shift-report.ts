import { type AlarmJudgement, judgementOf } from '@vigilia/protocol';
import { msBetween } from './care-times.ts';
import { gapsOf } from './gap-times.ts';
import type { Shift } from './last-shift.ts';
import type { GapKind, ReportRecords } from './records.ts';
import type { RoomOfReport } from './rooms.ts';

/** An incident with an alarm during the shift. */
export interface ShiftIncident {
  readonly room: RoomOfReport;
  readonly incidentId: string;
  /** Its first alarm within the shift, epoch ms. */
  readonly alarmMs: number;
  readonly alarms: number;
  readonly judgement: AlarmJudgement;
  readonly cause: string | undefined;
  readonly drill: boolean;
  readonly isOpen: boolean;
  /** From the first alarm of the incident; undefined while it was not acknowledged or attended. */
  readonly acknowledgedAfterMs: number | undefined;
  readonly attendedAfterMs: number | undefined;
}

/** Unwatched or blind time of a room during the shift. */
interface ShiftGap {
  readonly room: RoomOfReport;
  readonly kind: GapKind;
  readonly cause: string;
  readonly ms: number;
}

/** One shift, for the handover to the next. */
export interface ShiftReport extends Shift {
  /** Oldest first. */
  readonly incidents: readonly ShiftIncident[];
  /** Longest first. A quarter of an hour belongs to the shift in which it begins. */
  readonly gaps: readonly ShiftGap[];
  /** Each day that the shift touches has records; without them no room counts as watched. */
  readonly isRecorded: boolean;
}

/** Computes what happened in a shift. */
export function shiftReport(
  { incidents, days }: ReportRecords,
  shift: Shift,
  rooms: ReadonlyMap<number, RoomOfReport>,
  dateOf: (ms: number) => string,
): ShiftReport {
  const { fromMs, toMs } = shift;
  const isWithin = (atMs: number): boolean => atMs >= fromMs && atMs < toMs;
  const roomOf = (sourceId: number): RoomOfReport =>
    rooms.get(sourceId) ?? { sourceId, name: undefined, ward: undefined };
  const found = incidents.flatMap((incident): ShiftIncident[] => {
    const during = incident.alarms.map((at) => Date.parse(at)).filter(isWithin);
    const alarmMs = during[0];
    if (alarmMs === undefined) return [];
    return [
      {
        room: roomOf(incident.source_id),
        incidentId: incident.incident_id,
        alarmMs,
        alarms: during.length,
        judgement: judgementOf(incident.outcome),
        cause: incident.cause,
        drill: incident.drill,
        isOpen: incident.closed_at === undefined,
        acknowledgedAfterMs: msBetween(incident.alarms[0], incident.acknowledged_at),
        attendedAfterMs: msBetween(incident.alarms[0], incident.attended_at),
      },
    ];
  });
  const sums = new Map<string, ShiftGap>();
  for (const { sourceId, kind, cause, ms } of gapsOf(days).filter(({ atMs }) => isWithin(atMs))) {
    const key = `${sourceId} ${kind} ${cause}`;
    sums.set(key, { room: roomOf(sourceId), kind, cause, ms: ms + (sums.get(key)?.ms ?? 0) });
  }
  return {
    fromMs,
    toMs,
    incidents: found.sort((a, b) => a.alarmMs - b.alarmMs),
    gaps: [...sums.values()].sort((a, b) => b.ms - a.ms),
    isRecorded: [fromMs, toMs - 1].every((ms) => days.some(({ date }) => date === dateOf(ms))),
  };
}
