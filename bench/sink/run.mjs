/**
 * `npm run bench -- sink [quick]`: what the event sink promises in numbers. Needs the Elasticsearch node of the tests and a build.
 * One JSON object per line; the last one reports whether every bound is kept; exit code 1 where one is not.
 */
import { startElasticsearch } from '@vigilia/testing';
import { setupElasticsearch } from '../../apps/event-sink/dist/setup/setup.js';
import { away } from './away.mjs';
import { catchUp } from './catch-up.mjs';
import { drainRatio } from './drain.mjs';
import { clientOf } from './parts.mjs';

/** `gate` is what CI can afford: without the outage, which the tests of the sink have in small. */
const scales = {
  full: { away: { events: 1_000_000, spoolMb: 1000 }, drain: {}, outage: { seconds: 600, realSeconds: 65 } },
  quick: {
    away: { events: 100_000 },
    drain: { documents: 20_000, rounds: 1 },
    outage: { seconds: 60, realSeconds: 10 },
  },
  gate: { away: { events: 100_000 }, drain: { documents: 10_000, rounds: 3 }, outage: undefined },
};
const scale = scales[process.argv[2] ?? 'full'] ?? scales.full;
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const kept = {};

const { memory, start } = await away(scale.away);
print({ bench: 'memory while Elasticsearch is unreachable', ...memory });
print({ bench: 'start with a full spool', ...start });
// flat: the second half grows by less than a tenth
const middle = memory.rssMb[4];
kept.memory_flat = memory.rssMb.at(-1) <= middle * 1.1 + 10;
kept.start_cpu = start.cpuSeconds <= 2;
kept.spool_size = start.spoolMb >= (scale.away.spoolMb ?? 0);

let node = await startElasticsearch();
try {
  const client = clientOf(node.url);
  await setupElasticsearch(client, { events: 183, service: 30, metrics: 30, detections: 3, reports: 400 });
  await client.close();
  const drain = await drainRatio(node.url, scale.drain);
  print({ bench: 'drain over bare client.bulk', ...drain });
  kept.drain = drain.ratio >= 0.8;
  if (scale.outage !== undefined) {
    const { url, port } = node;
    await node.stop();
    const comesBack = async () => {
      node = await startElasticsearch({ port, keepData: true });
    };
    const recovery = await catchUp(url, { ...scale.outage, comesBack });
    print({ bench: 'catching up after an outage', ...recovery });
    kept.catch_up = recovery.timesInflow >= 5;
  }
} finally {
  await node.stop();
}
print({ bench: 'bounds kept', ...kept });
process.exitCode = Object.values(kept).every(Boolean) ? 0 : 1;
