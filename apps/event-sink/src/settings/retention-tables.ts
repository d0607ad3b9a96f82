import { leastKeptDays } from '@vigilia/reports';
import { setting } from '@vigilia/service';
import type { Stream } from '../schema/data-streams.ts';

/** Articles 19(1) and 26(6) of Regulation (EU) 2024/1689 ask for at least six months of logs. */
const sixMonthsDays = 183;

const days = () => setting.integer({ min: 1, max: 3650 });

/** How long records are kept; shared by `run` (files) and `setup` (Elasticsearch), so that both keep the same. */
export const retentionTable = {
  eventDays: {
    flag: '--event-days <n>',
    env: 'EVENT_RETENTION_DAYS',
    schema: days().optional(),
    describe: `How long events, incidents, verdicts, commands and views are kept; ${sixMonthsDays} by default, or --retention-days where that is longer`,
  },
  retentionDays: {
    flag: '--retention-days <n>',
    env: 'RETENTION_DAYS',
    schema: days(),
    default: 30,
    describe: 'How long log lines, statuses and metrics are kept',
  },
  detectionDays: {
    flag: '--detection-days <n>',
    env: 'DETECTION_RETENTION_DAYS',
    schema: days(),
    default: 3,
    describe: 'How long detections are kept',
  },
  reportDays: {
    flag: '--report-days <n>',
    env: 'REPORT_RETENTION_DAYS',
    schema: setting.integer({ min: leastKeptDays, max: 3650 }),
    default: 400,
    describe: 'How long incidents and daily room summaries are kept for reports: at least thirteen months',
  },
} as const;

export interface RetentionSettings {
  readonly eventDays: number | undefined;
  readonly retentionDays: number;
  readonly detectionDays: number;
  readonly reportDays: number;
}

/** Days that documents are kept, by stream. */
export type Retention = Readonly<Record<Stream, number>>;

/**
 * Returns how long each stream is kept. A site that kept everything for longer than six months before events had a setting of their
 * own goes on keeping its events that long.
 */
export function retentionOf({ eventDays, retentionDays, detectionDays, reportDays }: RetentionSettings): Retention {
  return {
    events: eventDays ?? Math.max(sixMonthsDays, retentionDays),
    service: retentionDays,
    metrics: retentionDays,
    detections: detectionDays,
    reports: reportDays,
  };
}
