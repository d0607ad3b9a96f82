import { defineSettings, type SettingsOf, setting } from '@vigilia/service';
import { elasticsearchTable } from './elasticsearch-settings.ts';

export const redeliverySpec = defineSettings(
  'vigilia event-sink replay',
  'Sends dead letters again, under the same ids: what is there already is not doubled.',
  {
    ...elasticsearchTable,
    spoolDir: {
      flag: '--spool-dir <folder>',
      env: 'SPOOL_DIR',
      schema: setting.text(),
      default: './vigilia-spool',
      describe: 'The sink’s spool; its folder dead-letters is read',
    },
    batchRecords: {
      flag: '--batch-records <n>',
      env: 'BATCH_RECORDS',
      schema: setting.integer({ min: 1, max: 10_000 }),
      default: 500,
      describe: 'Documents in one request',
    },
  },
);
export type RedeliverySettings = SettingsOf<typeof redeliverySpec.table>;
