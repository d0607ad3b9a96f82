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

/** The calls that have not been cancelled. */
export class OpenCalls {
  readonly #calls = new Map<string, Call>();

  called(call: Call): void {
    this.#calls.delete(call.id);
    this.#calls.set(call.id, call);
    if (this.#calls.size > mostCalls) {
      this.#calls.delete(this.#calls.keys().next().value ?? '');
    }
  }

  ended({ id }: Call): void {
    this.#calls.delete(id);
  }

  /** Returns the open calls of an address, oldest first. */
  of(address: string): readonly Call[] {
    return [...this.#calls.values()].filter((call) => call.address === address);
  }
}
