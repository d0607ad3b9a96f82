export {
  dayFile,
  deleteBefore,
  type IncidentMonth,
  monthFile,
  readDay,
  readMonth,
  readRecords,
  recordedDays,
} from './report-folder.ts';
export { shiftsTable } from './shifts-table.ts';
