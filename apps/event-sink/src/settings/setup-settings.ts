import { defineSettings, type SettingsOf, setting } from '@vigilia/service';
import { elasticsearchTable } from './elasticsearch-settings.ts';
import { retentionTable } from './retention-tables.ts';

export const setupSpec = defineSettings(
  'vigilia event-sink setup',
  'Installs index templates, lifecycle and dashboards; may be run again at any time.',
  {
    ...elasticsearchTable,
    ...retentionTable,
    kibanaUrl: {
      flag: '--kibana-url <url>',
      env: 'KIBANA_URL',
      schema: setting.url('http', 'https').optional(),
      describe: 'Kibana to import the dashboards into; none are imported without it',
    },
    dashboardsDir: {
      flag: '--dashboards-dir <folder>',
      env: 'DASHBOARDS_DIR',
      schema: setting.text().optional(),
      describe: 'Folder of the dashboards (*.ndjson); deploy/kibana of the repository by default',
    },
    waitSeconds: {
      flag: '--wait <s>',
      env: 'SETUP_WAIT_SECONDS',
      schema: setting.integer({ min: 0, max: 3600 }),
      default: 120,
      describe: 'How long to wait for Elasticsearch to be there',
    },
  },
);
export type SetupSettings = SettingsOf<typeof setupSpec.table>;
