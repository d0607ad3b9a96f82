import { EXIT } from '@vigilia/service';

/** npm passes Ctrl-C on to a process that has received it from the terminal already: a second signal so soon is an echo of the first. */
const echoMs = 500;

/** Runs `body` with a signal that aborts on Ctrl-C or SIGTERM; a second one ends the process at once. */
export async function untilSignal(body: (signal: AbortSignal) => Promise<number>): Promise<number> {
  const abort = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    if (abort.signal.aborted && performance.now() - firstAt < echoMs) return;
    if (abort.signal.aborted) process.exit(EXIT.secondSignal);
    firstAt = performance.now();
    abort.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await body(abort.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
