// Logs 2 MB, more than a pipe and the buffer take, and goes on working: it beats on descriptor 3. Ends on SIGTERM.
import { writeSync } from 'node:fs';
import { runService } from '../src/lifecycle.ts';
import { createLogger } from '../src/logger.ts';
import { createRegistry } from '../src/metrics.ts';

const logger = createLogger({ logger: 'vigilia.test', instanceId: 'test' });
const registry = createRegistry('test', 'test');
const perBeat = 100;
let lines = 0;

await runService({
  name: 'flood',
  logger,
  build: () => ({
    start: async () => {
      setInterval(async () => {
        for (let line = 0; line < perBeat && lines < 2_000; line++) {
          lines += 1;
          logger.info({ event: 'line', number: lines, text: 'x'.repeat(1_000) }, 'a line');
        }
        const metric = await registry.getSingleMetricAsString('vigilia_log_lines_dropped_total');
        const dropped = Number(/\} (\d+)/.exec(metric)?.[1]);
        writeSync(3, `${JSON.stringify({ lines, dropped })}\n`);
      }, 20);
    },
    stop: async () => {},
  }),
});
