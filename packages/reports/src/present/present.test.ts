import { newYearTruth, Random, simulatedYear, yearWard } from '@vigilia/simulated-site';
import { addMinute, type DayRecord, newDay } from '../day-records.ts';
import { incidentRecord, type ReportRecords } from '../records.ts';
import { computeReport } from '../report.ts';
import { reportCsv } from './csv.ts';
import { reportHtml } from './html.ts';
import { reportText } from './text.ts';

/** Four weeks of rooms 8 to 11, which are in two wards; one room has a name that no page and no spreadsheet should run. */
function records(): ReportRecords {
  const options = {
    rooms: [8, 9, 10, 11],
    startMs: Date.UTC(2026, 5, 1, -2),
    days: 28,
    incidentRate: 0.3,
    gapRate: 0.3,
  };
  const incidents = new Map<string, ReturnType<typeof incidentRecord>>();
  const days: DayRecord[] = [];
  for (const day of simulatedYear(new Random(3), options, newYearTruth())) {
    const stored = newDay(day.date, 'Europe/Madrid');
    for (const minute of day.minutes) {
      const roomName = minute.sourceId === 8 ? '=1+1,"<b>"' : minute.roomName;
      addMinute(stored, { ...minute, roomName, bootId: 'a' });
    }
    days.push(stored);
    for (const one of day.incidents) {
      incidents.set(one.incident_id, incidentRecord(one));
    }
  }
  return { incidents: [...incidents.values()], days };
}

const all = records();
const options = { from: '2026-06-01', to: '2026-06-28', nowMs: Date.UTC(2026, 5, 28, 9) };
const report = computeReport(all, options);

test('a report of one ward has only its rooms, and the wards add up to the site', () => {
  const wards = [...new Set([8, 9, 10, 11].map(yearWard))];
  const parts = wards.map((ward) => computeReport(all, { ...options, ward }));
  expect(parts.map(({ rooms }) => rooms.map(({ sourceId }) => sourceId))).toEqual([
    [8, 9],
    [10, 11],
  ]);
  for (const kind of ['true', 'false', 'unknown'] as const) {
    expect(parts.reduce((sum, { alarms }) => sum + alarms[kind], 0)).toBe(report.alarms[kind]);
  }
});

test('a CSV has one value a line under four columns, and no name in it is a formula', () => {
  const lines = reportCsv(report).split('\r\n');
  expect(lines[0]).toBe('\uFEFFsection,item,figure,value');
  expect(lines).toContain(`total,,falls,${report.alarms.true}`);
  expect(lines).toContain(`room,8,name,"'=1+1,""<b>"""`);
});

test.each(['en', 'es'] as const)('a page in %s has every table, and runs nothing that a name contains', (language) => {
  const html = reportHtml(report, language);
  expect(html).toContain(`<html lang="${language}">`);
  expect(html.match(/<section /g)).toHaveLength(8);
  expect(html).not.toMatch(/<b>|<script|https?:/);
  expect(html).not.toMatch(/undefined|NaN|\{\w+\}/);
});

test('texts, pages and CSV agree on the number of confirmed falls', () => {
  const falls = String(report.alarms.true);
  expect(reportText(report, 'en')).toMatch(new RegExp(`Confirmed falls +${falls}\\n`));
  expect(reportHtml(report, 'es')).toContain(`<th scope="row">Caídas confirmadas</th><td>${falls}</td>`);
});

test('bars of a chart stay within its plot, also where no room has an alarm', () => {
  const empty = computeReport({ incidents: [], days: all.days }, options);
  expect(reportHtml(empty, 'en')).not.toMatch(/NaN|="-/);
});
