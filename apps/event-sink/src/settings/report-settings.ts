import { reportLanguages } from '@vigilia/reports';
import { shiftsTable } from '@vigilia/reports/files';
import { defineSettings, type SettingsOf, setting } from '@vigilia/service';
import { elasticsearchTable } from './elasticsearch-settings.ts';

const date = () =>
  setting
    .text()
    .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isRealDate(text), 'must be a day such as 2026-03-01')
    .optional();

export const reportSpec = defineSettings(
  'vigilia report',
  'Shows falls, response times, false alarms and unwatched time of a period, from what the event sink stored.',
  {
    ...elasticsearchTable,
    reportsDir: {
      flag: '--reports-dir <folder>',
      env: 'REPORTS_DIR',
      schema: setting.text(),
      default: './vigilia-spool/reports',
      describe: 'Where the event sink keeps what reports are made of; not used with Elasticsearch',
    },
    from: { flag: '--from <date>', schema: date(), describe: 'First day; six days before the last by default' },
    to: { flag: '--to <date>', schema: date(), describe: 'Last day; yesterday by default' },
    ward: { flag: '--ward <name>', schema: setting.text().optional(), describe: 'Only the rooms of this ward' },
    csv: {
      flag: '--csv',
      schema: setting.boolean(),
      default: false,
      describe: 'One value a line, the same words in every language',
    },
    html: {
      flag: '--html',
      schema: setting.boolean(),
      default: false,
      describe: 'A page with charts and tables, for screen and paper',
    },
    json: {
      flag: '--json',
      schema: setting.boolean(),
      default: false,
      describe: 'The report as one JSON object; durations in milliseconds',
    },
    language: {
      flag: '--language <code>',
      env: 'REPORT_LANGUAGE',
      schema: setting.oneOf(...reportLanguages),
      default: 'en',
      describe: 'Language of text and HTML: en or es',
    },
    ...shiftsTable,
  },
);
export type ReportSettings = SettingsOf<typeof reportSpec.table>;

/** A date such as 2026-02-30 is not one. */
function isRealDate(text: string): boolean {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}
