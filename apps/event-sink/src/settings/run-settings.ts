import { brokerTable, defineSettings, healthTable, type SettingsOf, setting } from '@vigilia/service';
import { elasticsearchTable } from './elasticsearch-settings.ts';
import { retentionTable } from './retention-tables.ts';

const MEGABYTE = 1024 * 1024;

export const runSpec = defineSettings(
  'vigilia event-sink',
  'Ships events and logs to Elasticsearch or to NDJSON files; none is lost.',
  {
    ...elasticsearchTable,
    ...brokerTable,
    instanceId: {
      flag: '--instance-id <id>',
      env: 'INSTANCE_ID',
      schema: setting.text(),
      default: 'event-sink',
      describe: 'Client id of the persistent session: the same at every start',
    },
    spoolDir: {
      flag: '--spool-dir <folder>',
      env: 'SPOOL_DIR',
      schema: setting.text(),
      default: './vigilia-spool',
      describe: 'Where documents wait; one folder a sink',
    },
    spoolMaxBytes: {
      flag: '--spool-max-bytes <bytes>',
      env: 'SPOOL_MAX_BYTES',
      schema: setting.integer({ min: MEGABYTE }),
      default: 1024 * MEGABYTE,
      describe: 'Size bound: detections go first, falls and incidents never',
    },
    deadLetterMaxBytes: {
      flag: '--dead-letter-max-bytes <bytes>',
      env: 'DEAD_LETTER_MAX_BYTES',
      schema: setting.integer({ min: MEGABYTE }),
      default: 64 * MEGABYTE,
      describe: 'Size bound of the documents that were refused for good; the oldest are deleted',
    },
    bulkSyncMs: {
      flag: '--bulk-sync <ms>',
      env: 'SPOOL_BULK_SYNC_MS',
      schema: setting.integer({ min: 50, max: 60_000 }),
      default: 1000,
      describe: 'How long detections may be written but not yet synced',
    },
    ndjsonDir: {
      flag: '--ndjson-dir <folder>',
      env: 'NDJSON_DIR',
      schema: setting.text().optional(),
      describe: 'Write NDJSON files here, also beside Elasticsearch',
    },
    ndjsonFileBytes: {
      flag: '--ndjson-file-bytes <bytes>',
      env: 'NDJSON_FILE_BYTES',
      schema: setting.integer({ min: 1024 }),
      default: 64 * MEGABYTE,
      describe: 'Size at which a new file is begun',
    },
    ndjsonMaxFiles: {
      flag: '--ndjson-max-files <n>',
      env: 'NDJSON_MAX_FILES',
      schema: setting.integer({ min: 0 }),
      default: 32,
      describe: 'Files kept of detections, of log lines and of metrics, each; 0 keeps all of their days',
    },
    reportsDir: {
      flag: '--reports-dir <folder>',
      env: 'REPORTS_DIR',
      schema: setting.text().optional(),
      describe: 'Incidents and daily room summaries for reports; the folder reports of the spool by default',
    },
    ...retentionTable,
    batchRecords: {
      flag: '--batch-records <n>',
      env: 'BATCH_RECORDS',
      schema: setting.integer({ min: 1, max: 10_000 }),
      default: 1000,
      describe: 'Documents in one request',
    },
    batchBytes: {
      flag: '--batch-bytes <bytes>',
      env: 'BATCH_BYTES',
      schema: setting.integer({ min: 1024, max: 64 * MEGABYTE }),
      default: 4 * MEGABYTE,
      describe: 'Bytes in one request',
    },
    lingerMs: {
      flag: '--linger <ms>',
      env: 'LINGER_MS',
      schema: setting.integer({ min: 0, max: 60_000 }),
      default: 250,
      describe: 'How long a small batch waits for more',
    },
    logFiles: {
      flag: '--log-files <paths>',
      env: 'LOG_FILES',
      schema: setting.textList(),
      default: [] as string[],
      describe: 'NDJSON log files to follow; a folder stands for its *.log, *.ndjson and *.json files',
    },
    dockerUrl: {
      flag: '--docker-url <url>',
      env: 'DOCKER_URL',
      schema: setting.text().optional(),
      describe: 'Docker API for container logs: http://docker-proxy:2375 or unix:///var/run/docker.sock',
    },
    dockerLabel: {
      flag: '--docker-label <label>',
      env: 'DOCKER_LABEL',
      schema: setting.text(),
      default: 'io.vigilia.logs=true',
      describe: 'Containers whose logs are shipped',
    },
    timeZone: {
      flag: '--time-zone <zone>',
      env: 'TIME_ZONE',
      schema: setting.text(),
      default: 'UTC',
      describe: 'Time zone of the residence, for the hour of the day',
    },
    metricsIntervalMs: {
      flag: '--metrics-interval <ms>',
      env: 'METRICS_INTERVAL_MS',
      schema: setting.integer({ min: 100 }),
      default: 10_000,
      describe: 'How often the sink records its own state',
    },
    ...healthTable,
  },
);

export type RunSettings = SettingsOf<typeof runSpec.table>;
