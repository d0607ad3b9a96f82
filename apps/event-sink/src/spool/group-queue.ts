interface Waiting {
  readonly payload: Buffer;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const MAX_GROUP_BYTES = 4 * 1024 * 1024;

/** Group commit: what is pushed while a group is being written goes together into the next one. */
export class GroupQueue {
  readonly #write: (payloads: readonly Buffer[]) => Promise<void>;
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;

  /** @param write one group; it all succeeds or all fails. */
  constructor(write: (payloads: readonly Buffer[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the payload's group is written. */
  push(payload: Buffer): Promise<void> {
    const result = new Promise<void>((done, failed) => this.#waiting.push({ payload, done, failed }));
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return result;
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#take();
      try {
        await this.#write(group.map(({ payload }) => payload));
        for (const { done } of group) {
          done();
        }
      } catch (error) {
        for (const { failed } of group) {
          failed(error);
        }
      }
    }
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && (count === 0 || bytes < MAX_GROUP_BYTES)) {
      bytes += this.#waiting[count]?.payload.length ?? 0;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }
}
