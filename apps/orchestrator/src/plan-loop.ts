import type { Policy, PolicyEdit } from '@vigilia/protocol';
import type { Clock, Logger } from '@vigilia/service';
import type { ActProgress } from './act/act-progress.ts';
import type { Performer } from './act/performer.ts';
import type { Recorder } from './act/recorder.ts';
import type { Store } from './observe/store.ts';
import { type Action, isAct, type Plan } from './plan/action.ts';
import { plan } from './plan/plan.ts';
import type { Now, View } from './plan/view.ts';
import { previewPolicy } from './preview-policy.ts';

export interface PlanLoopOptions {
  readonly store: Store;
  readonly progress: ActProgress;
  readonly recorder: Pick<Recorder, 'record'>;
  readonly performer: Pick<Performer, 'perform'>;
  /** The policy of the file; one that a person set wins. */
  readonly policy: Policy;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The view is whole, the runtime was listed, the connection stands: only then is there anything to plan on. */
  readonly ready: () => boolean;
  /** Counts the connections: a plan is good for the one on whose view it was made. */
  readonly epoch: () => number;
  /** After each round. */
  readonly planned: (durationMs: number, actions: number) => void;
}

/** At least this often, though nothing happens. */
const everyMs = 5000;
/** Messages that come together are handled in one round. */
const gatherMs = 10;

/** observe → plan → act, on every event and at least every 5 s, one round at a time. */
export class PlanLoop {
  readonly #options: PlanLoopOptions;
  #timer: { cancel(): void; readonly atMs: number } | undefined;
  #round: Promise<void> | undefined;
  #dirty = false;
  #stopped = false;

  constructor(options: PlanLoopOptions) {
    this.#options = options;
  }

  start(): void {
    this.#wake(0);
  }

  /** Something changed. */
  changed(): void {
    this.#dirty = true;
    this.#wake(gatherMs);
  }

  /** No further round begins; resolves when the one in hand is done. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  get policy(): Policy {
    return this.#options.store.policy ?? this.#options.policy;
  }

  /** The plan for this moment. */
  plan(): Plan {
    return plan(this.#view(), this.policy, this.#now());
  }

  /**
   * What changes of the policy would cause at this moment.
   * @throws CommandError `invalid_params` naming the setting
   */
  preview(changes: readonly PolicyEdit[]): readonly Action[] {
    return previewPolicy({ view: this.#view(), current: this.policy, changes, now: this.#now() });
  }

  #view(): View {
    const { store, progress } = this.#options;
    return { ...store.facts(), pending: progress.pending, failures: progress.failures };
  }

  #now(): Now {
    const { clock } = this.#options;
    return { wallMs: clock.now(), monoMs: clock.monotonic() };
  }

  #wake(inMs: number): void {
    if (this.#stopped) return;
    const { clock } = this.#options;
    const atMs = clock.monotonic() + inMs;
    if (this.#timer !== undefined && this.#timer.atMs <= atMs) return;
    this.#timer?.cancel();
    const timer = clock.setTimeout(() => {
      this.#timer = undefined;
      this.#begin();
    }, inMs);
    this.#timer = { cancel: () => timer.cancel(), atMs };
  }

  #begin(): void {
    if (this.#stopped) return;
    if (this.#round !== undefined) {
      this.#dirty = true;
      return;
    }
    this.#dirty = false;
    this.#round = this.#runRound()
      .catch((err: unknown) => {
        this.#options.logger.error({ event: 'round_failed', err }, 'this round failed; the next one continues');
      })
      .finally(() => {
        this.#round = undefined;
        this.#wake(this.#dirty ? gatherMs : everyMs);
      });
  }

  async #runRound(): Promise<void> {
    const { ready, epoch, clock, recorder, performer, planned } = this.#options;
    if (!ready()) return;
    const madeIn = epoch();
    const startedMs = clock.monotonic();
    const { actions, wakeAtMs } = this.plan();
    planned(clock.monotonic() - startedMs, actions.length);
    if (actions.length > 0) {
      this.#dirty = true;
    }
    for (const action of actions) {
      // a record waits for a broker that is offline, and what the rest of this plan goes by may be long past when it returns
      if (this.#stopped || !ready() || epoch() !== madeIn) return;
      if (isAct(action)) {
        performer.perform(action);
      } else {
        await recorder.record(action);
      }
    }
    if (wakeAtMs !== undefined) {
      this.#wake(Math.max(gatherMs, wakeAtMs - clock.monotonic()));
    }
  }
}
