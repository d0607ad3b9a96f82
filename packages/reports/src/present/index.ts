export type { Report } from '../report.ts';
export { type ReportLanguage, type ReportWords, reportWords } from '../texts/report-texts.ts';
export { type ChartLayout, layoutChart } from './chart-layout.ts';
export type { ChartData, ReportSection, TableData } from './section.ts';
export { reportSections } from './sections.ts';
