import { resolve } from 'node:path';
import {
  askedPeriod,
  computeReport,
  daysToRead,
  type Report,
  type ReportRecords,
  reportCsv,
  reportHtml,
  reportText,
  wardsOf,
} from '@vigilia/reports';
import { readRecords } from '@vigilia/reports/files';
import { UsageError } from '@vigilia/service';
import { createClient } from './elasticsearch/client.ts';
import { readElasticsearchRecords } from './reports/stored-records.ts';
import { hasElasticsearch } from './settings/elasticsearch-settings.ts';
import type { ReportSettings } from './settings/report-settings.ts';

/**
 * The one-shot `report`. Returns the report as text, CSV, HTML or JSON, and what is missing in it.
 * @throws UsageError `invalid_settings`, `no_records`, `unknown_ward`, `records_unreadable`
 */
export async function runReport(
  settings: ReportSettings,
  nowMs: number,
): Promise<{ readonly output: string; readonly warnings: readonly string[] }> {
  if ([settings.csv, settings.html, settings.json].filter(Boolean).length > 1) {
    throw invalid('--csv, --html and --json exclude each other.');
  }
  const days = daysToRead(settings, nowMs);
  const { records, warnings } = await readStored(settings, days);
  const { from, to } = askedPeriod(settings, records, nowMs);
  if (from > to) throw invalid(`--from ${from} must not be after --to ${to}.`);
  if (records.days.length === 0 && records.incidents.length === 0) throw noRecords(settings, days);
  checkWard(settings.ward, records);
  const { ward, shifts } = settings;
  const report = computeReport(records, { from, to, ward, shifts, nowMs });
  return { output: formatted(report, settings), warnings: [...warnings, ...missingDays(report)] };
}

async function readStored(
  settings: ReportSettings,
  { readFrom, readTo }: ReturnType<typeof daysToRead>,
): Promise<{ records: ReportRecords; warnings: string[] }> {
  if (hasElasticsearch(settings)) {
    const client = createClient(settings);
    try {
      return { records: await readElasticsearchRecords(client, settings.namespace, readFrom), warnings: [] };
    } finally {
      await client.close();
    }
  }
  const dir = resolve(settings.reportsDir);
  try {
    const { damaged, ...records } = await readRecords(dir, readFrom, readTo);
    return { records, warnings: damaged.map((path) => `${path} is damaged: what it held is missing.`) };
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? 'error';
    throw new UsageError({
      code: 'records_unreadable',
      message: `The records of reports in ${dir} cannot be read (${why}).`,
      remedy: 'Give the folder of the event sink (its --reports-dir) that this user may read.',
      cause,
    });
  }
}

/** @throws UsageError `unknown_ward` */
function checkWard(ward: string | undefined, records: ReportRecords): void {
  const wards = wardsOf(records);
  if (ward === undefined || wards.includes(ward)) return;
  const known = wards.length === 0 ? 'No room of this period has a ward.' : `There are ${wards.join(', ')}.`;
  throw new UsageError({
    code: 'unknown_ward',
    message: `No room belongs to the ward ${ward}. ${known}`,
    remedy: 'Wards are set in the policy (rooms.<number>.ward).',
  });
}

function noRecords(settings: ReportSettings, { readFrom, readTo }: ReturnType<typeof daysToRead>): UsageError {
  const where = hasElasticsearch(settings) ? 'Elasticsearch' : resolve(settings.reportsDir);
  return new UsageError({
    code: 'no_records',
    message: `There are no records from ${readFrom} to ${readTo} in ${where}.`,
    remedy:
      'Give the folder of the event sink with --reports-dir, or --elasticsearch-url, and a period in which it ran.',
  });
}

function invalid(message: string): UsageError {
  return new UsageError({ code: 'invalid_settings', message: `vigilia report: ${message}` });
}

function formatted(report: Report, { csv, html, json, language }: ReportSettings): string {
  if (json) return `${JSON.stringify(report)}\n`;
  if (csv) return reportCsv(report);
  return html ? reportHtml(report, language) : reportText(report, language);
}

function missingDays({ daysWithoutRecords: missing }: Report): string[] {
  if (missing.length === 0) return [];
  const [first, last] = [missing[0], missing.at(-1)];
  const which = missing.length === 1 ? first : `${missing.length} days between ${first} and ${last}`;
  return [`There are no records of ${which}: the event sink did not run, or they were deleted.`];
}
