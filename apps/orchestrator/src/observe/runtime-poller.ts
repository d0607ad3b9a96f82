import type { Clock, Logger } from '@vigilia/service';
import type { RuntimeInstance } from '../plan/view.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Store } from './store.ts';

export interface RuntimePollerOptions {
  readonly runtime: Runtime;
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly changed: () => void;
}

const everyMs = 5000;

/** Keeps the runtime's list fresh: at start, when something changed, and periodically, because events are only hints. */
export class RuntimePoller {
  readonly #options: RuntimePollerOptions;
  #timer: { cancel(): void } | undefined;
  #unwatch: (() => void) | undefined;
  #inFlight: Promise<void> | undefined;
  #again = false;
  #failing = false;
  #stopped = false;

  constructor(options: RuntimePollerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { runtime } = this.#options;
    await this.refresh();
    if (this.#stopped) return;
    this.#unwatch = runtime.watch(() => void this.refresh());
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#unwatch?.();
  }

  /** A list that began after this call has been folded in when it resolves. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#inFlight !== undefined) {
      this.#again = true;
      await this.#inFlight;
      if (!this.#again) return;
    }
    this.#again = false;
    this.#inFlight ??= this.#list().finally(() => {
      this.#inFlight = undefined;
    });
    await this.#inFlight;
  }

  async #list(): Promise<void> {
    const { runtime, store, clock, logger, changed } = this.#options;
    try {
      const [listings, capacity] = await Promise.all([runtime.list(), runtime.capacity()]);
      const nowMs = clock.monotonic();
      const instances: RuntimeInstance[] = listings.map(({ ageMs, ...rest }) => ({
        ...rest,
        startedMs: nowMs - ageMs,
      }));
      store.setRuntime(instances, capacity, nowMs);
      if (this.#failing) {
        logger.info({ event: 'runtime_back', runtime: runtime.name }, 'the runtime answers again');
      }
      this.#failing = false;
    } catch (err) {
      if (!this.#failing) {
        logger.warn({ event: 'runtime_unreachable', runtime: runtime.name, err }, 'the runtime does not answer');
      }
      this.#failing = true;
      // an engine that never answered must not keep the rooms from being looked after: see the planner's degraded mode
      store.runtimeUnreachable();
    }
    changed();
  }

  #schedule(): void {
    this.#timer = this.#options.clock.setTimeout(() => {
      void this.refresh().then(() => !this.#stopped && this.#schedule());
    }, everyMs);
  }
}
