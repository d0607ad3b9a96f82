import {
  type AlarmCounts,
  countByVerdict,
  falseShare,
  groupBy,
  type RaisedAlarm,
  raisedAlarms,
} from './alarm-counts.ts';
import { type CareTime, careTimes } from './care-times.ts';
import { type CauseTime, type Gap, gapsOf, timeByCause, totalOf } from './gap-times.ts';
import { lastShift, minuteOfDay, usualShifts } from './last-shift.ts';
import type { DaySummary, IncidentRecord, ReportRecords } from './records.ts';
import { zoneOf } from './report-days.ts';
import { ofWard, type RoomOfReport, reportRooms } from './rooms.ts';
import { type ShiftReport, shiftReport } from './shift-report.ts';
import { datesBetween, type SiteTime, siteTime, weekOfDate } from './site-time.ts';

export interface ReportOptions {
  /** First and last day at the site, such as 2026-03-01; both are part of the report. */
  readonly from: string;
  readonly to: string;
  /** By whose clock; that of the last recorded day if left out, UTC without any. */
  readonly timeZone?: string | undefined;
  /** Only the rooms of this ward, each on the days on which it belonged to it. */
  readonly ward?: string | undefined;
  /** When shifts begin, such as 07:00. */
  readonly shifts?: readonly string[] | undefined;
  /** For the last shift. */
  readonly nowMs: number;
}

interface WeekCounts extends AlarmCounts {
  /** The Monday of the week. */
  readonly week: string;
}
interface HourCounts extends AlarmCounts {
  readonly hour: number;
}
export interface RoomCounts extends AlarmCounts, RoomOfReport {
  readonly unwatchedMs: number;
  readonly blindMs: number;
}

/** What happened in a period. */
export interface Report {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
  readonly ward: string | undefined;
  readonly alarms: AlarmCounts;
  readonly drills: number;
  /** False alarms among those with a verdict, 0..1; undefined while there are none. */
  readonly falseShare: number | undefined;
  /** Every week, room and hour of the period, those without alarms too. */
  readonly weeks: readonly WeekCounts[];
  readonly rooms: readonly RoomCounts[];
  readonly hours: readonly HourCounts[];
  readonly times: readonly CareTime[];
  readonly unwatched: readonly CauseTime[];
  readonly blind: readonly CauseTime[];
  /** For how long rooms were expected to be watched, summed up over rooms. */
  readonly recordedMs: number;
  /** Days of the period of which nothing is recorded. */
  readonly daysWithoutRecords: readonly string[];
  readonly shift: ShiftReport;
}

/**
 * Computes the report of a period. An alarm belongs to the day, week and hour in which it was raised, by the clock of the site; an
 * incident's times to the day of its first alarm. Reads no clock.
 * @param records of the period and of the last two days before `nowMs`; others are passed over
 * @throws RangeError for a time zone that does not exist
 */
export function computeReport(records: ReportRecords, options: ReportOptions): Report {
  const { from, to, ward, nowMs } = options;
  const timeZone = options.timeZone ?? zoneOf(records.days);
  const site = siteTime(timeZone);
  const chosen = ward === undefined ? records : ofWard(records, ward, site.date);
  const period = withinPeriod(chosen, { from, to, site });
  const alarms = raisedAlarms(chosen.incidents).filter(({ atMs }) => isWithin(site.date(atMs), from, to));
  const raised = new Set(alarms.map(({ sourceId }) => sourceId));
  const rooms = reportRooms({
    days: period.days,
    incidents: chosen.incidents.filter(({ source_id }) => raised.has(source_id)),
  });
  const gaps = gapsOf(period.days);
  const counts = countByVerdict(alarms);
  const starts = (options.shifts ?? usualShifts).flatMap((text) => minuteOfDay(text) ?? []);
  const recorded = new Set(records.days.map(({ date }) => date));
  return {
    from,
    to,
    timeZone,
    ward,
    alarms: counts,
    drills: period.incidents.filter(({ drill }) => drill).length,
    falseShare: falseShare(counts),
    weeks: byWeek(alarms, options, site),
    rooms: byRoom(rooms, alarms, gaps),
    hours: byHour(alarms, site),
    times: careTimes(period.incidents),
    unwatched: timeByCause(gaps, 'unwatched'),
    blind: timeByCause(gaps, 'blind'),
    recordedMs: recordedTime(period.days),
    daysWithoutRecords: datesBetween(from, to).filter((date) => !recorded.has(date)),
    shift: shiftReport(chosen, lastShift(nowMs, starts, site), reportRooms(chosen), site.date),
  };
}

function isWithin(date: string, from: string, to: string): boolean {
  return date >= from && date <= to;
}

function withinPeriod(
  { incidents, days }: ReportRecords,
  { from, to, site }: { readonly from: string; readonly to: string; readonly site: SiteTime },
): { incidents: IncidentRecord[]; days: DaySummary[] } {
  return {
    incidents: incidents.filter(({ alarms, opened_at }) =>
      isWithin(site.date(Date.parse(alarms[0] ?? opened_at)), from, to),
    ),
    days: days.filter(({ date }) => isWithin(date, from, to)),
  };
}

function byWeek(alarms: readonly RaisedAlarm[], { from, to }: ReportOptions, site: SiteTime): WeekCounts[] {
  const groups = groupBy(alarms, ({ atMs }) => weekOfDate(site.date(atMs)));
  const weeks = new Set(datesBetween(from, to).map(weekOfDate));
  return [...weeks].map((week) => ({ week, ...countByVerdict(groups.get(week) ?? []) }));
}

function byHour(alarms: readonly RaisedAlarm[], site: SiteTime): HourCounts[] {
  const groups = groupBy(alarms, ({ atMs }) => site.hour(atMs));
  return Array.from({ length: 24 }, (_, hour) => ({ hour, ...countByVerdict(groups.get(hour) ?? []) }));
}

function byRoom(
  rooms: ReadonlyMap<number, RoomOfReport>,
  alarms: readonly RaisedAlarm[],
  gaps: readonly Gap[],
): RoomCounts[] {
  const alarmsByRoom = groupBy(alarms, ({ sourceId }) => sourceId);
  const gapsByRoom = groupBy(gaps, ({ sourceId }) => sourceId);
  return [...rooms.values()].map((room) => {
    const ofRoom = gapsByRoom.get(room.sourceId) ?? [];
    return {
      ...room,
      ...countByVerdict(alarmsByRoom.get(room.sourceId) ?? []),
      unwatchedMs: totalOf(ofRoom, 'unwatched'),
      blindMs: totalOf(ofRoom, 'blind'),
    };
  });
}

function recordedTime(days: readonly DaySummary[]): number {
  let sum = 0;
  for (const { rooms } of days) {
    for (const { recorded_ms } of Object.values(rooms)) {
      sum += recorded_ms;
    }
  }
  return sum;
}
