import type { Backoff, Clock } from '@vigilia/service';

/** One event of a watch; `ERROR` with `code` 410 means that its version is forgotten. */
interface PodEvent {
  readonly type: string;
  readonly version?: string | undefined;
  readonly code?: number | undefined;
}

export interface PodSource {
  /** The version that a list shows now. */
  version(): Promise<string>;
  /** Reports what happened since a version; resolves when the connection ends, rejects when there was none. */
  open(version: string, heard: (event: PodEvent) => void, signal: AbortSignal): Promise<void>;
}

/**
 * Watches Pods until it is stopped. A watch that ends resumes where it was; where the API server no longer knows that
 * place (410), it begins at a new list. Each event and each new list means: look again.
 */
export function followPods(options: {
  readonly source: PodSource;
  readonly changed: () => void;
  readonly backoff: Backoff;
  readonly clock: Clock;
}): { stop(): void } {
  const { source, changed, backoff, clock } = options;
  const ended = new AbortController();
  let version: string | undefined;
  const heard = (event: PodEvent): void => {
    if (event.type === 'ERROR') {
      version = undefined;
      return;
    }
    version = event.version ?? version;
    backoff.reset();
    if (event.type !== 'BOOKMARK') {
      changed();
    }
  };
  const once = async (): Promise<void> => {
    if (version === undefined) {
      version = await source.version();
      changed();
    }
    await source.open(version, heard, ended.signal);
  };
  const follow = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      await once().catch((error: unknown) => {
        // a version that is too old may also be refused before the first event
        if ((error as { readonly statusCode?: number }).statusCode === 410) {
          version = undefined;
        }
      });
      await clock.sleep(backoff.next(), ended.signal).catch(() => undefined);
    }
  };
  void follow();
  return { stop: () => ended.abort() };
}
