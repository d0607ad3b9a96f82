import type { AlarmCounts } from '../alarm-counts.ts';
import type { Report } from '../report.ts';

/** One value of a report: `section` and `item` name what it is about, `figure` what it is. */
type CsvRow = readonly [section: string, item: string, figure: string, value: string | number];

/**
 * Returns a report as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read it): one value a line, with the same
 * words in every language. Durations are in seconds, times ISO 8601.
 */
export function reportCsv(report: Report): string {
  const rows = [['section', 'item', 'figure', 'value'] as const, ...csvRows(report)];
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

function csvRows(report: Report): CsvRow[] {
  const { from, to, timeZone, ward, falseShare } = report;
  return [
    ['period', '', 'from', from],
    ['period', '', 'to', to],
    ['period', '', 'time_zone', timeZone],
    ['period', '', 'ward', ward ?? ''],
    ...counts('total', '', report.alarms),
    ['total', '', 'drills', report.drills],
    ['total', '', 'false_share', falseShare ?? ''],
    ['total', '', 'recorded_seconds', seconds(report.recordedMs)],
    ['total', '', 'days_without_records', report.daysWithoutRecords.length],
    ...report.weeks.flatMap((one) => counts('week', one.week, one)),
    ...report.hours.flatMap((one) => counts('hour', String(one.hour), one)),
    ...report.rooms.flatMap((room): CsvRow[] => [
      ['room', String(room.sourceId), 'name', room.name ?? ''],
      ['room', String(room.sourceId), 'ward', room.ward ?? ''],
      ...counts('room', String(room.sourceId), room),
      ['room', String(room.sourceId), 'unwatched_seconds', seconds(room.unwatchedMs)],
      ['room', String(room.sourceId), 'blind_seconds', seconds(room.blindMs)],
    ]),
    ...report.times.flatMap(({ step, count, medianMs, p90Ms }): CsvRow[] => [
      ['time', step, 'incidents', count],
      ['time', step, 'median_seconds', optionalSeconds(medianMs)],
      ['time', step, 'p90_seconds', optionalSeconds(p90Ms)],
    ]),
    ...(['unwatched', 'blind'] as const).flatMap((kind) =>
      report[kind].map(({ cause, ms }): CsvRow => [kind, cause, 'seconds', seconds(ms)]),
    ),
    ...shiftRows(report),
  ];
}

function shiftRows({ shift }: Report): CsvRow[] {
  return [
    ['shift', '', 'from', new Date(shift.fromMs).toISOString()],
    ['shift', '', 'to', new Date(shift.toMs).toISOString()],
    ...shift.incidents.flatMap(
      ({ incidentId, room, alarmMs, drill, judgement, acknowledgedAfterMs, attendedAfterMs }): CsvRow[] => [
        ['shift_incident', incidentId, 'room', room.sourceId],
        ['shift_incident', incidentId, 'alarm', new Date(alarmMs).toISOString()],
        ['shift_incident', incidentId, 'result', drill ? 'drill' : judgement],
        ['shift_incident', incidentId, 'acknowledged_after_seconds', optionalSeconds(acknowledgedAfterMs)],
        ['shift_incident', incidentId, 'attended_after_seconds', optionalSeconds(attendedAfterMs)],
      ],
    ),
    ...shift.gaps.map(
      ({ room, kind, cause, ms }): CsvRow => [
        'shift_gap',
        String(room.sourceId),
        `${kind}_${cause}_seconds`,
        seconds(ms),
      ],
    ),
  ];
}

function counts(section: string, item: string, all: AlarmCounts): CsvRow[] {
  return [
    [section, item, 'falls', all.true],
    [section, item, 'no_verdict', all.unknown],
    [section, item, 'false_alarms', all.false],
  ];
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

function optionalSeconds(ms: number | undefined): number | '' {
  return ms === undefined ? '' : seconds(ms);
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
