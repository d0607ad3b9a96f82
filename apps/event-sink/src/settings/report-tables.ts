import { leastKeptDays } from '@vigilia/reports';
import { setting } from '@vigilia/service';

/** How long what reports are made of is kept; shared by `run` and `setup`. */
export const reportDaysTable = {
  reportDays: {
    flag: '--report-days <n>',
    env: 'REPORT_RETENTION_DAYS',
    schema: setting.integer({ min: leastKeptDays, max: 3650 }),
    default: 400,
    describe: 'How long incidents and daily room summaries are kept for reports: at least thirteen months',
  },
} as const;
