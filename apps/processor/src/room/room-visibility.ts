import { frameQuality, observeVisibility, type Visibility } from '@vigilia/vision';
import type { Blindness } from '../stream/blindness.ts';
import type { Frame } from '../stream/frame.ts';

/** One look at the quality of the frame is enough in this time, ms. */
const checkEveryMs = 1000;

const details = {
  dark: 'the picture is too dark or too noisy to see by; switch the infrared light on or add a lamp',
  covered: 'the picture shows nothing; look whether something covers the lens',
} as const;

/** Whether a room's frame shows anything: a camera may send frames in which nothing can be seen. */
export class RoomVisibility {
  #state: Visibility | undefined;
  #checkedMs: number | undefined;

  /** Takes a frame of the room. Returns whether the value of `blind` changed. */
  observe(frame: Frame): boolean {
    const { monotonicMs } = frame;
    if (this.#checkedMs !== undefined && monotonicMs - this.#checkedMs < checkEveryMs) return false;
    this.#checkedMs = monotonicMs;
    const before = this.#state?.poor;
    this.#state = observeVisibility(this.#state, frameQuality(frame, frame.displayed), monotonicMs);
    return before !== this.#state.poor;
  }

  /** undefined while something can be seen. `originMs`: wall clock at the monotonic zero. */
  blind(originMs: number): Blindness | undefined {
    const poor = this.#state?.poor;
    if (poor === undefined) return undefined;
    return { cause: poor.cause, sinceMs: originMs + poor.sinceMs, detail: details[poor.cause] };
  }

  /** Another camera, or another view of it. */
  reset(): void {
    this.#state = undefined;
    this.#checkedMs = undefined;
  }
}
