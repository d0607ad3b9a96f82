export { addMinute, type DayRecord, newDay, type RoomMinuteFacts } from './day-records.ts';
export { reportCsv } from './present/csv.ts';
export { reportHtml } from './present/html.ts';
export { reportText } from './present/text.ts';
export {
  type DaySummary,
  daySummarySchema,
  type IncidentRecord,
  incidentRecord,
  incidentRecordSchema,
  isNewerState,
  leastKeptDays,
  type ReportRecords,
} from './records.ts';
export { computeReport, type Report } from './report.ts';
export { askedPeriod, daysToRead } from './report-days.ts';
export { recordsOfRooms, wardsOf } from './rooms.ts';
export { addDays, siteTime } from './site-time.ts';
export { reportLanguages } from './texts/report-texts.ts';
