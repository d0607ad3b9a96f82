import type { Report } from '@vigilia/reports/present';

/** What the page asks for; without days the last seven that are over. */
export interface ReportQuery {
  /** First and last day, such as 2026-03-01. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly ward?: string | undefined;
}

/** `GET api/report` */
export interface ReportView {
  readonly report: Report;
  /** Wards that can be chosen. */
  readonly wards: readonly string[];
  /** Files of records that are damaged: what they held is missing in the report. */
  readonly damaged: number;
}

/** Returns what the address of a report has after its question mark; what is not chosen is left out. */
export function reportParams({ from = '', to = '', ward = '' }: ReportQuery): string {
  const chosen = Object.entries({ from, to, ward }).filter(([, value]) => value !== '');
  return new URLSearchParams(chosen).toString();
}
