import { resolve } from 'node:path';
import type { Clock, Logger } from '@vigilia/service';
import { bulkSender, createClient } from './elasticsearch/client.ts';
import type { SinkMetrics } from './metrics.ts';
import type { DeadLetters } from './output/dead-letters.ts';
import { ElasticsearchOutput } from './output/elasticsearch-output.ts';
import { NdjsonOutput } from './output/ndjson-output.ts';
import type { Output } from './output/output.ts';
import { hasElasticsearch } from './settings/elasticsearch-settings.ts';
import type { RunSettings } from './settings/run-settings.ts';

export interface OutputParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deadLetters: DeadLetters;
  readonly metrics: Pick<SinkMetrics, 'retries'>;
}

/** Elasticsearch when it is configured, files when a folder is given or nothing else is there; both at once is fine. */
export function buildOutputs(settings: RunSettings, parts: OutputParts): Output[] {
  const outputs: Output[] = [];
  if (hasElasticsearch(settings)) {
    const { clock, deadLetters, metrics } = parts;
    outputs.push(
      new ElasticsearchOutput({
        sender: bulkSender(createClient(settings)),
        namespace: settings.namespace,
        deadLetters,
        clock,
        logger: parts.logger.child({ component: 'elasticsearch' }),
        onRetry: (reason, documents) => metrics.retries.inc({ output: 'elasticsearch', reason }, documents),
      }),
    );
  }
  if (settings.ndjsonDir !== undefined || !hasElasticsearch(settings)) {
    const dir = resolve(settings.ndjsonDir ?? './vigilia-events');
    outputs.push(new NdjsonOutput({ dir, maxFileBytes: settings.ndjsonFileBytes, maxFiles: settings.ndjsonMaxFiles }));
  }
  return outputs;
}
