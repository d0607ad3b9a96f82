import { onEndSignal } from '@vigilia/service';

/** npm passes Ctrl-C on to a process that has received it from the terminal already: a second signal so soon is an echo of the first. */
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
