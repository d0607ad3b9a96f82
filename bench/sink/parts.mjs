import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, systemClock } from '@vigilia/service';
import { bulkSender, createClient } from '../../apps/event-sink/dist/elasticsearch/client.js';
import { DeadLetters } from '../../apps/event-sink/dist/output/dead-letters.js';
import { ElasticsearchOutput } from '../../apps/event-sink/dist/output/elasticsearch-output.js';
import { Pump } from '../../apps/event-sink/dist/output/pump.js';
import { runSpec } from '../../apps/event-sink/dist/settings/run-settings.js';
import { Spool } from '../../apps/event-sink/dist/spool/spool.js';

export const BATCH = 1000;
export const NAMESPACE = 'bench';
export const clock = systemClock;
export const logger = createLogger({ logger: 'bench', instanceId: 'bench', level: 'fatal' });

/** A folder that is removed when `work` is over. */
export async function inFolder(work) {
  const dir = await mkdtemp(join(tmpdir(), 'vigilia-bench-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** With the size bound that a residence has. */
export async function openSpool(dir) {
  const maxBytes = runSpec.table.spoolMaxBytes.default;
  const spool = new Spool({ dir, maxBytes, outputs: ['elasticsearch'], clock, logger });
  await spool.open();
  return spool;
}

export function clientOf(url) {
  return createClient({ elasticsearchUrl: url, requestTimeoutMs: 30_000 });
}

/** The sink's own way from spool to Elasticsearch. */
export function startPump(spool, url, dir) {
  const deadLetters = new DeadLetters({ dir: join(dir, 'dead-letters'), clock });
  const output = new ElasticsearchOutput({
    sender: bulkSender(clientOf(url)),
    namespace: NAMESPACE,
    deadLetters,
    clock,
    logger,
  });
  const consumer = spool.consumer('elasticsearch');
  const pump = new Pump({
    consumer,
    output,
    deadLetters,
    clock,
    logger,
    maxRecords: BATCH,
    maxBytes: 16 * 1024 * 1024,
    lingerMs: 50,
  });
  return { pump, consumer, started: pump.start() };
}

/** Resolves when nothing is pending. */
export async function drained(consumer) {
  while (consumer.pendingRecords > 0) {
    await clock.sleep(10);
  }
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
