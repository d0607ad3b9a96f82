import type { DaySummary, IncidentRecord } from './records.ts';
import { computeReport, type Report } from './report.ts';
import { askedPeriod } from './report-days.ts';

const day = (date: string, ward: string, time_zone = 'UTC'): DaySummary => {
  const unwatched = { 1: { unwatched: { silent: 60_000 } } };
  const room = { room_name: `room of ${ward}`, ward, recorded_ms: 86_400_000, frames: 1, gaps: unwatched };
  return { date, time_zone, rooms: { 5: room } };
};
const alarm = (at: string): IncidentRecord => {
  return { incident_id: at, source_id: 5, drill: false, alarms: [at], opened_at: at, updated_at: at };
};
const nowMs = Date.parse('2026-06-10T10:00:00Z');

/** In March the room belonged to ward 1, since May to ward 2. */
const records = {
  days: [day('2026-03-02', '1'), day('2026-05-04', '2'), day('2026-06-09', '2')],
  incidents: [alarm('2026-03-02T08:00:00Z'), alarm('2026-05-04T08:00:00Z')],
};
const reportOf = (ward: string | undefined, from: string, to: string): Report =>
  computeReport(records, { from, to, ward, nowMs });

describe('a room that moved to another ward', () => {
  test('counts in a past period for the ward that it belonged to then, under the name that it had', () => {
    expect(reportOf('1', '2026-03-01', '2026-03-31').alarms.unknown).toBe(1);
    expect(reportOf('1', '2026-03-01', '2026-03-31').rooms[0]).toMatchObject({ name: 'room of 1', ward: '1' });
    expect(reportOf('2', '2026-03-01', '2026-03-31').alarms.unknown).toBe(0);
    expect(reportOf(undefined, '2026-03-01', '2026-03-31').rooms[0]).toMatchObject({ name: 'room of 1', ward: '1' });
  });

  test('counts for each of its wards in a period with both', () => {
    for (const ward of ['1', '2']) {
      const report = reportOf(ward, '2026-03-01', '2026-05-31');
      expect(report.alarms.unknown).toBe(1);
      expect(report.rooms.map(({ unwatchedMs }) => unwatchedMs)).toEqual([60_000]);
    }
  });
});

describe('the period of a report without days', () => {
  test.each([
    ['Pacific/Auckland', '2026-06-03', '2026-06-09'],
    ['America/Los_Angeles', '2026-06-02', '2026-06-08'],
  ])('ends with the last day that is over where the site is (%s)', (zone, from, to) => {
    const days = [day('2026-06-01', '1', zone)];
    // 11:30 on the 10th in Auckland, 16:30 on the 9th in Los Angeles
    expect(askedPeriod({}, { days, incidents: [] }, Date.parse('2026-06-09T23:30:00Z'))).toEqual({ from, to });
  });
});
