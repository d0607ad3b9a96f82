import type { Clock } from './clock.ts';
import { within } from './within.ts';

/** A step of a teardown that failed or took too long. */
export interface FailedStep {
  readonly step: string;
  readonly error: unknown;
}

/** Lists every step of a teardown that failed, one per line. */
export class TeardownError extends AggregateError {
  override readonly name = 'TeardownError';
  readonly code = 'teardown_failed';
  readonly failures: readonly FailedStep[];

  constructor(failures: readonly FailedStep[]) {
    const lines = failures.map(({ step, error }) => `- ${step}: ${error instanceof Error ? error.message : error}`);
    super(
      failures.map(({ error }) => error),
      ['Not everything stopped in order:', ...lines].join('\n'),
    );
    this.failures = failures;
  }
}

/** The steps that undo a start, in the order of the start. They run in reverse order. */
export class Teardown {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #steps: { readonly step: string; readonly run: () => unknown }[] = [];
  #finished: Promise<void> | undefined;

  /** @param options.limitMs longest duration of all steps together */
  constructor(options: { readonly clock: Clock; readonly limitMs: number }) {
    this.#clock = options.clock;
    this.#limitMs = options.limitMs;
  }

  /** Adds a step, before what it undoes is started: a start that fails half-way is undone as well. */
  add(step: string, run: () => unknown): void {
    this.#steps.push({ step, run });
  }

  /**
   * Runs every step, the last one added first, whatever happens to the others. A step that hangs is left after half of the
   * time that remains, so that each of the following ones has its turn. Idempotent.
   * @throws TeardownError with every step that failed
   */
  run(): Promise<void> {
    this.#finished ??= this.#run();
    return this.#finished;
  }

  async #run(): Promise<void> {
    const failures: FailedStep[] = [];
    const endMs = this.#clock.monotonic() + this.#limitMs;
    // a start that is still running may add steps meanwhile
    for (let next = this.#steps.pop(); next !== undefined; next = this.#steps.pop()) {
      const { step, run } = next;
      using limit = within(Math.round((endMs - this.#clock.monotonic()) / 2), undefined, { clock: this.#clock });
      try {
        await limit.race((async () => run())());
      } catch (error) {
        failures.push({ step, error });
      }
    }
    if (failures.length > 0) throw new TeardownError(failures);
  }
}
