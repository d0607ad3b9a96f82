import { join } from 'node:path';
import { type Logger, systemClock, UsageError } from '@vigilia/service';
import { bulkSender, createClient } from './elasticsearch/client.ts';
import { DeadLetters } from './output/dead-letters.ts';
import { ElasticsearchOutput } from './output/elasticsearch-output.ts';
import { type RedeliveryResult, redeliver } from './output/redeliver.ts';
import { hasElasticsearch } from './settings/elasticsearch-settings.ts';
import type { RedeliverySettings } from './settings/redelivery-settings.ts';

/** Sends the dead letters again (`vigilia event-sink replay`). May run beside the sink. @throws UsageError `invalid_settings` */
export async function runRedelivery(settings: RedeliverySettings, logger: Logger): Promise<RedeliveryResult> {
  if (!hasElasticsearch(settings)) {
    const message =
      'vigilia event-sink replay: give --elasticsearch-url (ELASTICSEARCH_URL) or ELASTICSEARCH_CLOUD_ID.';
    throw new UsageError({ code: 'invalid_settings', message });
  }
  const clock = systemClock;
  const dir = join(settings.spoolDir, 'dead-letters');
  const deadLetters = new DeadLetters({ dir, clock });
  const sender = bulkSender(createClient(settings));
  const output = new ElasticsearchOutput({ sender, namespace: settings.namespace, deadLetters, clock, logger });
  try {
    const result = await redeliver({
      dir,
      output,
      batchRecords: settings.batchRecords,
      signal: new AbortController().signal,
    });
    logger.info({ event: 'replay_completed', ...result }, 'dead letters sent again');
    return result;
  } finally {
    await output.stop();
  }
}
