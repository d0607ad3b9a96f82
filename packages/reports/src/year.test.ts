import { newYearTruth, Random, simulatedYear, type YearDay, type YearTruth } from '@vigilia/simulated-site';
import { addMinute, type DayRecord, newDay } from './day-records.ts';
import { type IncidentRecord, incidentRecord } from './records.ts';
import { computeReport, type Report } from './report.ts';
import { siteTime } from './site-time.ts';

const timeZone = 'Europe/Madrid';
const rooms = Array.from({ length: 24 }, (_, room) => room);
/** 2026-01-05, a Monday, 00:00 in Madrid. */
const startMs = Date.UTC(2026, 0, 4, 23);
const nowMs = Date.UTC(2027, 0, 4, 10);

/** Keeps what the year brings as an event sink does that is killed now and then: the broker delivers what it had not confirmed again. */
function record(days: Iterable<YearDay>): { incidents: IncidentRecord[]; days: DayRecord[] } {
  const site = siteTime(timeZone);
  const incidents = new Map<string, IncidentRecord>();
  const records = new Map<string, DayRecord>();
  let life = 0;
  for (const day of days) {
    for (const incident of day.incidents) {
      incidents.set(incident.incident_id, incidentRecord(incident));
    }
    for (const minute of [...day.minutes, ...day.minutes]) {
      const date = site.date(minute.startMs);
      const summary = records.get(date) ?? newDay(date, timeZone);
      records.set(date, summary);
      addMinute(summary, { ...minute, bootId: `life-${life}` });
    }
    life += day.date.endsWith('5') ? 1 : 0;
  }
  return { incidents: [...incidents.values()], days: [...records.values()] };
}

/** The quantile of R-7, by its definition. */
function quantileOf(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

describe('the report of a simulated year', () => {
  const truth: YearTruth = newYearTruth();
  let report: Report;

  beforeAll(() => {
    const options = { rooms, startMs, days: 364, incidentRate: 0.06, gapRate: 0.2 };
    const records = record(simulatedYear(new Random(19), options, truth));
    report = computeReport(records, { from: '2026-01-05', to: '2027-01-03', nowMs });
  });

  test('counts falls, false alarms and alarms without a verdict as they happened, and no drill', () => {
    expect(truth.total.true).toBeGreaterThan(200);
    expect(report.alarms).toEqual(truth.total);
    expect(report.drills).toBe(truth.drills);
    expect(report.falseShare).toBeCloseTo(truth.total.false / (truth.total.false + truth.total.true), 10);
  });

  test('puts each alarm into its week at the site, also in the weeks in which the clocks change', () => {
    expect(report.weeks).toHaveLength(52);
    const counted = report.weeks.filter((one) => one.true + one.false + one.unknown > 0);
    expect(counted.map(({ week, true: right, false: wrong, unknown }) => [week, right, wrong, unknown])).toEqual(
      [...truth.weeks].sort().map(([week, one]) => [week, one.true, one.false, one.unknown]),
    );
  });

  test('puts each alarm into its room and its hour on the clock of the site', () => {
    for (const { sourceId, true: right, false: wrong, unknown } of report.rooms) {
      expect({ true: right, false: wrong, unknown }).toEqual(truth.rooms.get(sourceId));
    }
    for (const { hour, true: right, false: wrong, unknown } of report.hours) {
      expect({ true: right, false: wrong, unknown }).toEqual(truth.hours.get(hour));
    }
  });

  test('states how long each step took in the middle and in nine of ten incidents', () => {
    const { alarmToAcknowledged, acknowledgedToAttended, attendedToClosed, alarmToClosed } = truth.durations;
    const real = [alarmToAcknowledged, acknowledgedToAttended, attendedToClosed, alarmToClosed];
    for (const [n, durations] of real.entries()) {
      expect(report.times[n]?.count).toBe(durations.length);
      expect(report.times[n]?.medianMs).toBeCloseTo(quantileOf(durations, 0.5), 3);
      expect(report.times[n]?.p90Ms).toBeCloseTo(quantileOf(durations, 0.9), 3);
    }
  });

  test('sums up unwatched and blind time by cause and room, although every minute arrived twice', () => {
    const byCause = (causes: Report['blind']) => Object.fromEntries(causes.map(({ cause, ms }) => [cause, ms]));
    expect(byCause(report.unwatched)).toEqual(Object.fromEntries(truth.unwatchedMs));
    expect(byCause(report.blind)).toEqual(Object.fromEntries(truth.blindMs));
    for (const { sourceId, unwatchedMs } of report.rooms) {
      expect(unwatchedMs).toBe(truth.unwatchedOfRoomMs.get(sourceId) ?? 0);
    }
    expect(report.recordedMs).toBe(truth.recordedMs);
    expect(report.daysWithoutRecords).toEqual([]);
  });
});
