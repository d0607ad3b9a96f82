import type { Clock, Logger, Timer } from '@vigilia/service';
import type { Reconciler } from './reconciler.ts';

const LOOK_MS = 5_000;
/** After a camera would not open a second time. */
const RETRY_MS = 60_000;

export interface RetuneLoopOptions {
  readonly reconciler: Reconciler;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Runs work when no command waits; false when there is something else to do. */
  postOwn(run: (signal: AbortSignal) => Promise<void>): boolean;
}

/**
 * Chooses anew what `decode: auto` comes to, and the size of frames where it follows the camera, when the keyframe interval, the
 * aspect or the size of people turns out to be another than was assumed.
 */
export class RetuneLoop {
  readonly #options: RetuneLoopOptions;
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: RetuneLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#lookIn(LOOK_MS);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #lookIn(ms: number): void {
    if (!this.#stopped) {
      this.#timer = this.#options.clock.setTimeout(() => this.#postRetune(), ms);
    }
  }

  #postRetune(): void {
    const { reconciler, postOwn } = this.#options;
    const posted = reconciler.needsRetune() && postOwn((signal) => this.#retune(signal));
    if (!posted) {
      this.#lookIn(LOOK_MS);
    }
  }

  async #retune(signal: AbortSignal): Promise<void> {
    const { reconciler, logger } = this.#options;
    try {
      const { gap_ms } = await reconciler.apply(reconciler.config, { signal, retune: true });
      logger.info({ event: 'decoding_retuned', gap_ms }, 'decoding or frame size chosen anew');
      this.#lookIn(LOOK_MS);
    } catch (err) {
      if (!signal.aborted) {
        logger.warn({ event: 'decoding_retune_failed', err }, 'decoding stays as it is');
      }
      this.#lookIn(signal.aborted ? LOOK_MS : RETRY_MS);
    }
  }
}
