export type { Report } from '../report.ts';
export { type ReportWords, reportWords } from '../texts/report-texts.ts';
export { layoutChart } from './chart-layout.ts';
export type { ChartData, ReportSection, TableData } from './section.ts';
export { reportSections } from './sections.ts';
