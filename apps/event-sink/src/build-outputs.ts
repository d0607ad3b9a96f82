import { join, resolve } from 'node:path';
import type { Clock, Logger } from '@vigilia/service';
import type { SinkDocument } from './documents/document.ts';
import type { DocumentContext } from './documents/ecs.ts';
import { bulkSender, createClient } from './elasticsearch/client.ts';
import type { SinkMetrics } from './metrics.ts';
import type { DeadLetters } from './output/dead-letters.ts';
import { ElasticsearchOutput } from './output/elasticsearch-output.ts';
import { NdjsonOutput } from './output/ndjson-output.ts';
import type { Output } from './output/output.ts';
import { ReportStore } from './reports/report-store.ts';
import { hasElasticsearch } from './settings/elasticsearch-settings.ts';
import { retentionOf } from './settings/retention-tables.ts';
import type { RunSettings } from './settings/run-settings.ts';

export interface OutputParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deadLetters: DeadLetters;
  readonly metrics: Pick<SinkMetrics, 'retries'>;
  readonly context: () => DocumentContext;
  /** Stores a document for all outputs. */
  readonly accept: (document: SinkDocument) => Promise<void>;
}

/** Returns the names of the outputs that `buildOutputs` builds. */
export function outputNames(settings: RunSettings): string[] {
  const named = [
    hasElasticsearch(settings) ? 'elasticsearch' : undefined,
    writesFiles(settings) ? 'ndjson' : undefined,
    'reports',
  ];
  return named.filter((name) => name !== undefined);
}

function writesFiles(settings: RunSettings): boolean {
  return settings.ndjsonDir !== undefined || !hasElasticsearch(settings);
}

/** Elasticsearch when it is configured, files when a folder is given or nothing else is there; both at once is fine. Reports in any case. */
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
  if (writesFiles(settings)) {
    const dir = resolve(settings.ndjsonDir ?? './vigilia-events');
    const { ndjsonFileBytes: maxFileBytes, ndjsonMaxFiles: maxFiles } = settings;
    outputs.push(
      new NdjsonOutput({ dir, maxFileBytes, maxFiles, clock: parts.clock, keptDays: retentionOf(settings) }),
    );
  }
  outputs.push(
    new ReportStore({
      dir: resolve(settings.reportsDir ?? join(settings.spoolDir, 'reports')),
      timeZone: settings.timeZone,
      keptDays: settings.reportDays,
      logger: parts.logger.child({ component: 'reports' }),
      context: parts.context,
      emit: hasElasticsearch(settings) ? parts.accept : undefined,
    }),
  );
  return outputs;
}
