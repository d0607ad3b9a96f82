import { onEndSignal } from '@vigilia/service';

/** npm passes Ctrl-C on to a process that the terminal has signalled already: a second signal so soon is the first one's echo. */
const echoMs = 500;

/** Runs `body` with a signal that aborts on Ctrl-C or SIGTERM; a second one ends the process at once. */
export async function untilSignal<T>(body: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stopListening = onEndSignal(() => abort.abort(), { echoMs });
  try {
    return await body(abort.signal);
  } finally {
    stopListening();
  }
}
