// A service whose behaviour a test chooses by words: what it does at start and at stop.
import { createLogger, ExitRequest, runMain, runService, UsageError } from '@vigilia/service';

const words = new Set(process.argv.slice(2));
const logger = createLogger({ logger: 'vigilia.test', instanceId: 'test' });
const forever = setInterval(() => {}, 1000);

function usageError(): UsageError {
  return new UsageError({ code: 'bad', message: 'The camera rtsp://u:hunter2@cam is wrong.', remedy: 'Use another.' });
}

await runMain(() => {
  if (words.has('bad-settings')) {
    throw usageError();
  }
});
await runService({
  name: 'test',
  logger,
  stopTimeoutMs: words.has('slow-stop') ? 500 : 10_000,
  build: (control) => ({
    start: async (signal) => {
      if (words.has('usage')) throw usageError();
      if (words.has('crash')) throw new Error('start failed');
      if (words.has('exit-request')) throw new ExitRequest(3, 'taken over');
      if (words.has('rejection')) void Promise.reject(new Error('nobody waits'));
      if (words.has('request-exit')) setTimeout(() => control.requestExit(3, 'taken over'), 50);
      if (words.has('waiting-start')) {
        logger.info({ event: 'waiting' }, 'waiting');
        await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      }
    },
    stop: async () => {
      logger.info({ event: 'stop_called' }, 'stop called');
      if (words.has('slow-stop') || words.has('endless-stop')) await new Promise(() => {});
      if (words.has('failing-stop')) throw new Error('stop failed');
      clearInterval(forever);
    },
  }),
});
