import { resolve } from 'node:path';
import { type Logger, systemClock } from '@vigilia/service';
import type { Truth } from '@vigilia/simulated-site';
import { decodeDocument, type EncodedDocument, encodeDocument } from '../documents/document.ts';
import { bulkSender, createClient } from '../elasticsearch/client.ts';
import { DeadLetters } from '../output/dead-letters.ts';
import { ElasticsearchOutput } from '../output/elasticsearch-output.ts';
import { NdjsonOutput } from '../output/ndjson-output.ts';
import type { Output } from '../output/output.ts';
import { hasElasticsearch } from '../settings/elasticsearch-settings.ts';
import type { SimulateSettings } from '../settings/simulate-settings.ts';
import { simulate } from './simulate.ts';

const DAY_MS = 86_400_000;
const BATCH = 2000;

/** The one-shot `simulate`: invented days into Elasticsearch or files. Answers what really happened in them. */
export async function runSimulate(settings: SimulateSettings, logger: Logger): Promise<Truth> {
  const { seed, days, namespace, timeZone } = settings;
  const today = Math.floor(systemClock.now() / DAY_MS) * DAY_MS;
  const startMs = settings.start === undefined ? today - days * DAY_MS : Date.parse(`${settings.start}T00:00:00Z`);
  const output = outputOf(settings, logger);
  const { truth, documents } = simulate({ seed, days, startMs, namespace, timeZone });
  const signal = new AbortController().signal;
  let count = 0;
  await output.start();
  try {
    let batch: EncodedDocument[] = [];
    for (const document of documents) {
      const encoded = decodeDocument(encodeDocument(document));
      if (encoded !== undefined) {
        batch.push(encoded);
      }
      if (batch.length < BATCH) continue;
      count += (await output.deliver(batch, signal)).stored;
      batch = [];
    }
    count += (await output.deliver(batch, signal)).stored;
  } finally {
    await output.stop();
  }
  const from = new Date(startMs).toISOString();
  logger.info(
    { event: 'simulated', documents: count, days, seed, from, falls: truth.falls.length },
    'the invented days are written',
  );
  return truth;
}

function outputOf(settings: SimulateSettings, logger: Logger): Output {
  if (!hasElasticsearch(settings))
    return new NdjsonOutput({
      dir: resolve(settings.out),
      maxFileBytes: 64 * 1024 * 1024,
      maxFiles: 0,
      clock: systemClock,
    });
  const deadLetters = new DeadLetters({ dir: resolve(settings.out), clock: systemClock });
  return new ElasticsearchOutput({
    sender: bulkSender(createClient(settings)),
    namespace: settings.namespace,
    deadLetters,
    clock: systemClock,
    logger,
  });
}
