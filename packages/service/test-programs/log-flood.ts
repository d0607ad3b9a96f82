// Logs 2 MB, more than a pipe and the buffer take, and goes on working: it beats on descriptor 3. Ends on SIGTERM.
import { writeSync } from 'node:fs';
import { serve } from '../src/serve.ts';
import { testSettings } from './settings.ts';

const perBeat = 100;

serve({
  entry: import.meta.url,
  name: 'flood',
  settings: testSettings,
  start: async ({ logger, registry }) => {
    let lines = 0;
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
});
