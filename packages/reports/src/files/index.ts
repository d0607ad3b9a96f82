export {
  dayFile,
  type FolderRecords,
  type IncidentMonth,
  monthFile,
  readDay,
  readMonth,
  readRecords,
  recordedDays,
  recordedMonths,
} from './report-folder.ts';
