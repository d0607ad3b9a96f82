import { defineSettings, type SettingsOf, setting } from '@vigilia/service';
import { elasticsearchTable } from './elasticsearch-settings.ts';

export const simulateSpec = defineSettings(
  'vigilia event-sink simulate',
  'Writes days of an invented residence, to try dashboards on; the same seed gives the same days.',
  {
    ...elasticsearchTable,
    days: { flag: '--days <n>', schema: setting.integer({ min: 1, max: 366 }), default: 1, describe: 'How many days' },
    seed: {
      flag: '--seed <n>',
      schema: setting.integer({ min: 0 }),
      default: 1,
      describe: 'Another seed gives other days',
    },
    start: {
      flag: '--start <date>',
      schema: setting
        .text()
        .regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2026-03-01')
        .optional(),
      describe: 'First day (UTC); by default the days end with yesterday',
    },
    timeZone: {
      flag: '--time-zone <zone>',
      env: 'TIME_ZONE',
      schema: setting.text(),
      default: 'UTC',
      describe: 'Time zone of the residence',
    },
    out: {
      flag: '--out <folder>',
      schema: setting.text(),
      default: './vigilia-simulated',
      describe: 'NDJSON files, where no Elasticsearch is given',
    },
  },
);
export type SimulateSettings = SettingsOf<typeof simulateSpec.table>;
