import { resolve } from 'node:path';
import { type Clock, createBackoff, type Logger, systemClock, UsageError } from '@vigilia/service';
import { DASHBOARDS_DIR } from '../dashboards/write-files.ts';
import { createClient, type ElasticsearchClient } from '../elasticsearch/client.ts';
import { failureOf } from '../elasticsearch/request-failure.ts';
import { checkServer, UnsupportedServerError } from '../elasticsearch/server-version.ts';
import { hasElasticsearch } from '../settings/elasticsearch-settings.ts';
import { retentionOf } from '../settings/retention-tables.ts';
import type { SetupSettings } from '../settings/setup-settings.ts';
import { importDashboards } from './import-dashboards.ts';
import { importRules } from './import-rules.ts';
import { type SetupStep, setupElasticsearch } from './setup.ts';

/**
 * The one-shot `setup`: templates and lifecycle into Elasticsearch, dashboards into Kibana where its URL is given.
 * @throws UsageError `invalid_settings`, `elasticsearch_unreachable`, `elasticsearch_refused`, `elasticsearch_unsupported`, `kibana_refused`
 */
export async function runSetup(
  settings: SetupSettings,
  logger: Logger,
  clock: Clock = systemClock,
): Promise<SetupStep[]> {
  if (!hasElasticsearch(settings)) {
    const message = 'vigilia event-sink setup: give --elasticsearch-url (ELASTICSEARCH_URL) or ELASTICSEARCH_CLOUD_ID.';
    throw new UsageError({ code: 'invalid_settings', message });
  }
  const client = createClient(settings);
  try {
    await waitUntilThere(client, settings, logger, clock);
    const steps = await setupElasticsearch(client, retentionOf(settings)).catch(refused);
    for (const step of steps) {
      report(step, logger);
    }
    if (settings.kibanaUrl !== undefined) {
      await importInto(settings.kibanaUrl, settings, logger);
    }
    return steps;
  } finally {
    await client.close();
  }
}

async function importInto(kibanaUrl: string, settings: SetupSettings, logger: Logger): Promise<void> {
  const { apiKey, username, password } = settings;
  const dir = settings.dashboardsDir ?? DASHBOARDS_DIR;
  const options = { kibanaUrl, dir: resolve(dir), apiKey, username, password };
  const imported = await importDashboards(options);
  for (const { file, objects } of imported) {
    logger.info({ event: 'dashboards_imported', file, objects }, 'dashboards imported');
  }
  for (const { id, action } of await importRules(options)) {
    logger.info({ event: 'alert_rule', rule: id, action }, action);
  }
}

async function waitUntilThere(
  client: ElasticsearchClient,
  settings: SetupSettings,
  logger: Logger,
  clock: Clock,
): Promise<void> {
  const until = clock.monotonic() + settings.waitSeconds * 1000;
  const backoff = createBackoff({ minMs: 250, maxMs: 5000 });
  for (;;) {
    try {
      await checkServer(client);
      return;
    } catch (error) {
      if (error instanceof UnsupportedServerError)
        throw new UsageError({ code: error.code, message: error.message, cause: error });
      const failure = failureOf(error);
      if (failure.status === 401 || failure.status === 403) {
        refused(error);
      }
      if (clock.monotonic() >= until) {
        const message = `Elasticsearch does not answer within ${settings.waitSeconds} s (${failure.reason}).`;
        throw new UsageError({
          code: 'elasticsearch_unreachable',
          message,
          remedy: 'Check ELASTICSEARCH_URL, ELASTICSEARCH_CA_FILE and whether it runs.',
          cause: error,
        });
      }
      logger.info({ event: 'elasticsearch_waiting', reason: failure.reason }, 'waiting for Elasticsearch');
      await clock.sleep(Math.min(backoff.next(), Math.max(0, until - clock.monotonic())));
    }
  }
}

function refused(error: unknown): never {
  const { reason, message } = failureOf(error);
  throw new UsageError({
    code: 'elasticsearch_refused',
    message: `Elasticsearch refused the set-up (${reason}: ${message}).`,
    remedy:
      'It needs a user or API key with the cluster privilege manage_index_templates and manage on the data streams.',
    cause: error,
  });
}

function report(step: SetupStep, logger: Logger): void {
  const fields = { event: 'setup_step', ...step };
  if (step.action === 'newer_left') {
    logger.warn(fields, 'a later version is installed and was left as it is');
  } else if (step.action === 'retention_refused') {
    logger.warn(fields, 'Elasticsearch refused the retention: the data stream keeps the one it has');
  } else {
    logger.info(fields, step.action);
  }
}
