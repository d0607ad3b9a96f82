import type { Backoff, Clock } from '@vigilia/service';

export interface EventStream {
  stop(): void;
}

/**
 * Keeps a stream of the engine's events open. Events are hints (the engine keeps few of them, and its stream ends when it
 * restarts), so whatever comes, and each opening anew, means no more than: look again.
 */
export function followEvents(options: {
  readonly open: () => Promise<NodeJS.ReadableStream>;
  readonly changed: () => void;
  readonly backoff: Backoff;
  readonly clock: Clock;
}): EventStream {
  const { open, changed, backoff, clock } = options;
  const ended = new AbortController();
  const follow = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      try {
        const stream = await open();
        ended.signal.addEventListener('abort', () => (stream as Partial<Destroyable>).destroy?.(), { once: true });
        changed();
        for await (const _ of stream) {
          backoff.reset();
          changed();
        }
      } catch {
        // The list is asked for periodically, and fails when the engine is unreachable.
      }
      await clock.sleep(backoff.next(), ended.signal).catch(() => undefined);
    }
  };
  void follow();
  return { stop: () => ended.abort() };
}

interface Destroyable {
  destroy(): void;
}
