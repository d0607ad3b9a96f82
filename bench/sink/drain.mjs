import { decodeDocument, encodeDocument } from '../../apps/event-sink/dist/documents/document.js';
import { streamNames } from '../../apps/event-sink/dist/schema/data-streams.js';
import { eventDocument, fillSpool } from './documents.mjs';
import { BATCH, clientOf, drained, inFolder, median, NAMESPACE, openSpool, startPump } from './parts.mjs';

/** Draining a full spool over bare `client.bulk` of documents in memory: same batch, same node, turn by turn; median of the rounds. */
export async function drainRatio(url, { documents = 60_000, rounds = 3 } = {}) {
  const bare = [];
  const sink = [];
  for (let round = 0; round < rounds; round += 1) {
    const from = round * 2 * documents;
    bare.push(documents / (await bareSeconds(url, from, from + documents)));
    sink.push(documents / (await sinkSeconds(url, from + documents, from + 2 * documents)));
  }
  const ratio = median(sink) / median(bare);
  return {
    documents,
    barePerSecond: Math.round(median(bare)),
    sinkPerSecond: Math.round(median(sink)),
    ratio: Math.round(ratio * 100) / 100,
  };
}

async function bareSeconds(url, from, to) {
  const ready = [];
  for (let n = from; n < to; n += 1) {
    const { id, stream, json } = decodeDocument(encodeDocument(eventDocument(n)));
    ready.push({ create: { _index: `${streamNames[stream]}-${NAMESPACE}`, _id: id } }, JSON.parse(json));
  }
  const client = clientOf(url);
  const started = performance.now();
  for (let at = 0; at < ready.length; at += 2 * BATCH) {
    const answer = await client.bulk({ operations: ready.slice(at, at + 2 * BATCH) });
    if (answer.errors) throw new Error('bare bulk had errors');
  }
  await client.close();
  return (performance.now() - started) / 1000;
}

async function sinkSeconds(url, from, to) {
  return inFolder(async (dir) => {
    const spool = await openSpool(dir);
    await fillSpool(spool, from, to);
    const started = performance.now();
    const { pump, consumer, started: running } = startPump(spool, url, dir);
    await running;
    await drained(consumer);
    const seconds = (performance.now() - started) / 1000;
    await pump.stop();
    await spool.close();
    return seconds;
  });
}
