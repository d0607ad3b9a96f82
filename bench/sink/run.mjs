/**
 * `npm run bench -- sink [quick]`: what the event sink promises in numbers. Needs the Elasticsearch node of the tests and a build.
 * One JSON object a line, the last one says whether every bound is kept; exit code 1 where one is not.
 */
import { startElasticsearch } from '@vigilia/testing';
import { setupElasticsearch } from '../../apps/event-sink/dist/setup/setup.js';
import { away } from './away.mjs';
import { catchUp, drainRatio } from './drain.mjs';
import { clientOf } from './parts.mjs';

const isQuick = process.argv.includes('quick');
const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
const kept = {};

const { memory, start } = await away(isQuick ? { events: 100_000 } : {});
print({ bench: 'memory while Elasticsearch is away', ...memory });
print({ bench: 'start with a full spool', ...start });
// flat: the second half grows by less than a tenth
const middle = memory.rssMb[4];
kept.memory_flat = memory.rssMb.at(-1) <= middle * 1.1 + 10;
kept.start_cpu = start.cpuSeconds <= 2;

const node = await startElasticsearch();
try {
  const client = clientOf(node.url);
  await setupElasticsearch(client, { days: 30, detectionDays: 3 });
  await client.close();
  const drain = await drainRatio(node.url, isQuick ? { documents: 20_000, rounds: 1 } : {});
  print({ bench: 'drain over bare client.bulk', ...drain });
  kept.drain = drain.ratio >= 0.8;
  const recovery = await catchUp(node.url, isQuick ? { outageSeconds: 60 } : {});
  print({ bench: 'catching up after an outage', ...recovery });
  kept.catch_up = recovery.timesInflow >= 5;
} finally {
  await node.stop();
}
print({ bench: 'bounds kept', ...kept });
process.exitCode = Object.values(kept).every(Boolean) ? 0 : 1;
