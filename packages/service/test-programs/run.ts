// A service whose behaviour a test chooses by words: what it does at start and at stop.
import { ExitRequest } from '../src/exit-request.ts';
import { serve } from '../src/serve.ts';
import { UsageError } from '../src/usage-error.ts';
import { testSettings } from './settings.ts';

serve({
  entry: import.meta.url,
  name: 'test',
  settings: testSettings,
  stopLimitMs: process.argv.join(' ').includes('slow-stop') ? 500 : 10_000,
  commands: {
    short: async (argv) => void process.stdout.write(`short ${argv.join(' ')}\n`),
  },
  start: async (scope) => {
    const { logger } = scope;
    const words = new Set(scope.settings.behaviour);
    const forever = setInterval(() => {}, 1000);
    const stops = (step: string, run: () => unknown = () => undefined): void =>
      scope.onStop(step, () => {
        logger.info({ event: 'stopping_step', step }, 'stopping a part');
        return run();
      });
    stops('timer', () => clearInterval(forever));
    await scope.startHealth(() => ({ ok: true }));
    stops('broker', () => {
      if (words.has('failing-stop')) throw new Error('the broker is unreachable');
    });
    if (words.has('usage')) {
      const message = 'The camera rtsp://u:hunter2@cam is wrong.';
      throw new UsageError({ code: 'bad', message, remedy: 'Use another.' });
    }
    if (words.has('crash')) throw new Error('start failed');
    if (words.has('exit-request')) throw new ExitRequest(3, 'taken over');
    if (words.has('rejection')) {
      void Promise.reject(new Error('no caller waits'));
    }
    if (words.has('request-exit')) {
      setTimeout(() => scope.requestExit(3, 'taken over'), 50);
    }
    if (words.has('waiting-start')) {
      logger.info({ event: 'waiting' }, 'waiting');
      await new Promise((_, reject) => scope.signal.addEventListener('abort', () => reject(scope.signal.reason)));
    }
    if (words.has('deaf-start')) {
      logger.info({ event: 'waiting' }, 'waiting');
      await new Promise(() => {});
    }
    stops('rooms', async () => {
      if (words.has('slow-stop') || words.has('endless-stop')) {
        await new Promise(() => {});
      }
      if (words.has('failing-stop')) throw new Error('a camera hangs');
    });
  },
});
