import type { Frame } from './frame.ts';

interface Waiter {
  resolve(frame: Frame): void;
  reject(error: Error): void;
}

/** Those who wait for a stream's first frame. */
export class FrameWaiters {
  readonly #waiters = new Set<Waiter>();

  /** Resolves with the next frame; rejects with `failure()` on abort, or when the stream gives up (`reject`). */
  wait(signal: AbortSignal, failure: () => Error): Promise<Frame> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => waiter.reject(failure());
      const settle = (pass: () => void): void => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
        pass();
      };
      const waiter: Waiter = {
        resolve: (frame) => settle(() => resolve(frame)),
        reject: (error) => settle(() => reject(error)),
      };
      this.#waiters.add(waiter);
      if (signal.aborted) {
        onAbort();
      } else {
        signal.addEventListener('abort', onAbort, { once: true });
      }
    });
  }

  resolve(frame: Frame): void {
    for (const waiter of [...this.#waiters]) {
      waiter.resolve(frame);
    }
  }

  reject(error: Error): void {
    for (const waiter of [...this.#waiters]) {
      waiter.reject(error);
    }
  }
}
