import type { Blindness } from '../stream/blindness.ts';

/** A single frame may fail; after this many in a row the model's answers cannot be relied on. */
const failuresInARow = 2;

/** Whether the model of a room gives answers that can be used. */
export class ModelFault {
  #failures = 0;
  #sinceMs = 0;
  #message = '';

  /** The model gave an error, or numbers that cannot be right, for a frame. `nowMs` by the wall clock. */
  add(message: string, nowMs: number): void {
    if (this.#failures === 0) {
      this.#sinceMs = nowMs;
    }
    this.#failures++;
    this.#message = message;
  }

  /** The model gave an answer. Returns whether the room was blind because of it. */
  clear(): boolean {
    const before = this.blind() !== undefined;
    this.#failures = 0;
    return before;
  }

  /** undefined while its answers can be used. */
  blind(): Blindness | undefined {
    if (this.#failures < failuresInARow) return undefined;
    return { cause: 'model_failed', sinceMs: this.#sinceMs, detail: this.#message };
  }
}
