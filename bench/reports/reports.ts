import { computeReport, reportHtml } from '@vigilia/reports';
import { readRecords } from '@vigilia/reports/files';
import { tempFolder } from '@vigilia/testing';
import { writeReportRecords } from '../../apps/console/src/test-support/write-report-records.ts';
import type { Bench } from '../lib/bench-result.ts';
import { median, round } from '../lib/numbers.ts';

const goalMs = 1000;

/** The report of 100 rooms and thirteen months, from the files of the event sink to the page: the median of its time over the second that it may take. */
export const reports: Bench = async ({ quick, brief, say }) => {
  const [rooms, days] = brief ? [10, 30] : [100, 397];
  const folder = await tempFolder('reports-bench');
  try {
    say(`${rooms} rooms, ${days} days`);
    const { from, to } = await writeReportRecords(folder.path, { rooms, days });
    const runs = [];
    for (let n = 0; n < (quick ? 3 : 7); n += 1) {
      runs.push(await timedReport(folder.path, from, to));
    }
    const worst = median(runs.map(({ readMs, computeMs, htmlMs }) => readMs + computeMs + htmlMs));
    const detail = {
      goal_ms: goalMs,
      median_ms: round(worst),
      cpu_ms: round(median(runs.map(({ cpuMs }) => cpuMs))),
      read_ms: round(median(runs.map(({ readMs }) => readMs))),
      compute_ms: round(median(runs.map(({ computeMs }) => computeMs))),
      html_ms: round(median(runs.map(({ htmlMs }) => htmlMs))),
      rooms,
      days,
    };
    return { bench: 'reports', goal: '≤ 1', ratio: round(worst / goalMs, 3), detail };
  } finally {
    await folder.remove();
  }
};

async function timedReport(
  dir: string,
  from: string,
  to: string,
): Promise<{ readonly readMs: number; readonly computeMs: number; readonly htmlMs: number; readonly cpuMs: number }> {
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const records = await readRecords(dir, from, to);
  const read = performance.now();
  const report = computeReport(records, { from, to, nowMs: Date.now() });
  const computed = performance.now();
  const html = reportHtml(report, 'es');
  if (html.length === 0) throw new Error('The page of the report is empty.');
  const htmlMs = performance.now() - computed;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { readMs: read - began, computeMs: computed - read, htmlMs, cpuMs: (user + system) / 1000 };
}
