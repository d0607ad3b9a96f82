/** A call as the nurse-call system knows it. */
export interface Call {
  /** What the call is about; later calls about the same replace it. */
  readonly id: string;
  readonly address: string;
  readonly text: string;
  readonly priority: string;
}

/** Calls older than the newest this many are forgotten. */
const mostCalls = 200;

/** The calls since the start that have not been cancelled. */
export class OpenCalls {
  readonly #calls = new Map<string, Call>();

  called(call: Call): void {
    this.#calls.delete(call.id);
    this.#calls.set(call.id, call);
    if (this.#calls.size > mostCalls) this.#calls.delete(this.#calls.keys().next().value ?? '');
  }

  /** Removes a call and returns the open ones of the same address, oldest first. */
  cancelled({ id, address }: Call): readonly Call[] {
    this.#calls.delete(id);
    return [...this.#calls.values()].filter((call) => call.address === address);
  }
}
