import type { Report } from '../report.ts';
import { type ReportLanguage, reportWords } from '../texts/report-texts.ts';
import { reportPeriod } from './html.ts';
import type { TableData } from './section.ts';
import { reportSections } from './sections.ts';

/** Returns a report as text for a terminal: its tables, without charts. */
export function reportText(report: Report, language: ReportLanguage): string {
  const words = reportWords(language, report.timeZone);
  const sections = reportSections(report, words).map(({ title, tables }) => {
    const parts = tables.map((one) => (tables.length > 1 ? `${one.caption}:\n${tableText(one)}` : tableText(one)));
    return `${title}\n${parts.join('\n')}`;
  });
  return `${words.text('title')}: ${reportPeriod(report, words)}\n\n${sections.join('\n\n')}\n`;
}

/** Names to the left, numbers to the right. */
function tableText({ columns, rows, none }: TableData): string {
  if (rows.length === 0) return `  ${none}`;
  const all = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all
    .map((row) => {
      const cells = row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      );
      return `  ${cells.join('  ').trimEnd()}`;
    })
    .join('\n');
}
