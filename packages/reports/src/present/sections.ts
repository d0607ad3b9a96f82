import type { AlarmCounts } from '../alarm-counts.ts';
import type { CauseTime } from '../gap-times.ts';
import type { Report, RoomCounts } from '../report.ts';
import type { ReportWords } from '../texts/report-texts.ts';
import { type ChartData, type ReportSection, roomLabel } from './section.ts';
import { shiftSection } from './shift-section.ts';

/** Rooms that a chart shows; the table has all of them. */
const chartedRooms = 20;

/** Returns the parts of a report in the order in which they are read. */
export function reportSections(report: Report, words: ReportWords): ReportSection[] {
  return [
    summary(report, words),
    weeks(report, words),
    hours(report, words),
    rooms(report, words),
    times(report, words),
    causes('unwatched', report, words),
    causes('blind', report, words),
    shiftSection(report.shift, words),
  ];
}

function summary(report: Report, words: ReportWords): ReportSection {
  const { text, number, minutes, share } = words;
  const sum = (causes: readonly CauseTime[]): number => causes.reduce((total, { ms }) => total + ms, 0);
  const rows = [
    [text('summary.falls'), number(report.alarms.true)],
    [text('summary.unknown'), number(report.alarms.unknown)],
    [text('summary.false'), number(report.alarms.false)],
    [text('summary.false_share'), share(report.falseShare)],
    [text('summary.drills'), number(report.drills)],
    [text('summary.rooms'), number(report.rooms.length)],
    [text('summary.unwatched'), minutes(sum(report.unwatched))],
    [text('summary.blind'), minutes(sum(report.blind))],
    [text('summary.recorded'), number(report.recordedMs / 3_600_000)],
    [text('summary.no_records'), number(report.daysWithoutRecords.length)],
  ];
  const columns = [text('summary.what'), text('summary.value')];
  const title = text('summary.title');
  const table = { caption: title, columns, rows, none: '' };
  return { id: 'summary', title, note: undefined, chart: undefined, tables: [table] };
}

function weeks({ weeks: all }: Report, words: ReportWords): ReportSection {
  const labels = all.map(({ week }) => words.day(week));
  const names = all.map(({ week }) => words.shortDay(week));
  return countsSection({ id: 'weeks', column: words.text('weeks.week'), labels, names, counts: all }, words);
}

function hours({ hours: all }: Report, words: ReportWords): ReportSection {
  const labels = all.map(({ hour }) => `${String(hour).padStart(2, '0')}:00`);
  return countsSection({ id: 'hours', column: words.text('hours.hour'), labels, names: labels, counts: all }, words);
}

interface CountsParts {
  readonly id: 'weeks' | 'hours';
  readonly column: string;
  readonly labels: readonly string[];
  /** In the chart. */
  readonly names: readonly string[];
  readonly counts: readonly AlarmCounts[];
}

function countsSection({ id, column, labels, names, counts }: CountsParts, words: ReportWords): ReportSection {
  const title = words.text(`${id}.title`);
  const rows = counts.map((one, n) => [labels[n] ?? '', ...countCells(one, words)]);
  return {
    id,
    title,
    note: undefined,
    chart: countsChart(title, names, counts, words),
    tables: [{ caption: title, columns: [column, ...countColumns(words)], rows, none: words.text('no_data') }],
  };
}

function rooms({ rooms: all }: Report, words: ReportWords): ReportSection {
  const { text, minutes } = words;
  const most = all
    .filter((room) => alarmsIn(room) > 0)
    .sort((a, b) => alarmsIn(b) - alarmsIn(a))
    .slice(0, chartedRooms);
  const labels = most.map((room) => roomLabel(room, words));
  const chart = countsChart(text('rooms.chart', { n: most.length }), labels, most, words);
  const columns = [
    text('rooms.room'),
    text('rooms.ward'),
    ...countColumns(words),
    text('rooms.unwatched'),
    text('rooms.blind'),
  ];
  const rows = all.map((room) => [
    roomLabel(room, words),
    room.ward ?? '–',
    ...countCells(room, words),
    minutes(room.unwatchedMs),
    minutes(room.blindMs),
  ]);
  const title = text('rooms.title');
  return {
    id: 'rooms',
    title,
    note: undefined,
    chart: most.length === 0 ? undefined : chart,
    tables: [{ caption: title, columns, rows, none: text('no_data') }],
  };
}

function alarmsIn(room: RoomCounts): number {
  return room.true + room.false + room.unknown;
}

const countOrder = ['true', 'unknown', 'false'] as const;

function countColumns({ text }: ReportWords): string[] {
  return countOrder.map((kind) => text(`counts.${kind}`));
}

function countCells(counts: AlarmCounts, { number }: ReportWords): string[] {
  return countOrder.map((kind) => number(counts[kind]));
}

function countsChart(
  label: string,
  categories: readonly string[],
  counts: readonly AlarmCounts[],
  words: ReportWords,
): ChartData {
  const series = countOrder.map((kind) => {
    return { name: words.text(`counts.${kind}`), values: counts.map((one) => one[kind]) };
  });
  return { label, axis: words.text('counts.axis'), categories, series, form: 'stacked' };
}

function times({ times: all }: Report, { text, number, minutes }: ReportWords): ReportSection {
  const title = text('times.title');
  const labels = all.map(({ step }) => text(`times.${step}`));
  const rows = all.map(({ count, medianMs, p90Ms }, n) => [
    labels[n] ?? '',
    number(count),
    minutes(medianMs),
    minutes(p90Ms),
  ]);
  const inMinutes = (ms: number | undefined): number => (ms ?? 0) / 60_000;
  const series = [
    { name: text('times.median'), values: all.map(({ medianMs }) => inMinutes(medianMs)) },
    { name: text('times.p90'), values: all.map(({ p90Ms }) => inMinutes(p90Ms)) },
  ];
  const columns = [text('times.step'), text('times.count'), text('times.median'), text('times.p90')];
  return {
    id: 'times',
    title,
    note: text('times.note'),
    chart: { label: title, axis: text('times.axis'), categories: labels, series, form: 'grouped' },
    tables: [{ caption: title, columns, rows, none: '' }],
  };
}

function causes(kind: 'unwatched' | 'blind', report: Report, words: ReportWords): ReportSection {
  const all = report[kind];
  const { text, minutes, number, cause } = words;
  const title = text(`${kind}.title`);
  const labels = all.map((one) => cause(one.cause));
  const series = [{ name: text('gaps.minutes'), values: all.map(({ ms }) => ms / 60_000) }];
  const chart = { label: title, axis: text('gaps.minutes'), categories: labels, series, form: 'stacked' } as const;
  const columns = [text('gaps.cause'), text('gaps.minutes'), text('gaps.rooms')];
  const rows = all.map((one, n) => [labels[n] ?? '', minutes(one.ms), number(one.rooms)]);
  return {
    id: kind,
    title,
    note: text(`${kind}.note`),
    chart: all.length === 0 ? undefined : chart,
    tables: [
      { caption: title, columns, rows, none: text(report.recordedMs > 0 ? `${kind}.none` : 'gaps.not_recorded') },
    ],
  };
}
