import type { FallDecisionState, FrameSeen, Past } from '@vigilia/vision';

/** So much of the past is decided again, ms: a person may have been on the floor in frames that did not show it. */
const rememberedMs = 30_000;
/** A frame of the past this close to one that was analysed shows the same, ms. */
const sameFrameMs = 125;

interface Recent {
  /** The room before the frame. */
  readonly before: FallDecisionState;
  readonly frame: FrameSeen;
}

/**
 * The frames of the last half minute as they were analysed, so that frames that were sent between them can be put in. Frames of the past
 * are remembered, too: no moment is asked for twice.
 */
export class RecentFrames {
  #recent: Recent[] = [];
  #past: readonly FrameSeen[] = [];
  /** Frames of the past are known, or were asked for, until then. */
  #askedUntilMs = Number.NEGATIVE_INFINITY;
  /** Those of a look-back that is going on, and what came since. */
  #lookingBack: Recent[] | undefined;

  add(before: FallDecisionState, frame: FrameSeen): void {
    const isRecent = ({ atMs }: FrameSeen): boolean => frame.atMs - atMs <= rememberedMs;
    this.#recent = [...this.#recent.filter((one) => isRecent(one.frame)), { before, frame }];
    this.#past = this.#past.filter(isRecent);
    this.#lookingBack?.push({ before, frame });
  }

  /** What is known of the room changed by something else than a frame: the past is not decided again. */
  forget(): void {
    this.#recent = [];
    this.#past = [];
    this.#lookingBack = undefined;
  }

  /** Returns between which times frames are wanted; undefined where there is no time between, or while a look-back goes on. */
  begin(): { readonly afterMs: number; readonly untilMs: number } | undefined {
    const [first] = this.#recent;
    const last = this.#recent.at(-1);
    if (this.#lookingBack !== undefined || first === undefined || last === undefined) return undefined;
    const afterMs = Math.max(first.frame.atMs, this.#askedUntilMs);
    const untilMs = last.frame.atMs;
    if (afterMs >= untilMs) return undefined;
    this.#askedUntilMs = untilMs;
    this.#lookingBack = [...this.#recent];
    return { afterMs, untilMs };
  }

  /** Ends the look-back; returns what is decided again, undefined where there is nothing new or it was cancelled by `forget`. */
  end(past: readonly FrameSeen[]): Past | undefined {
    const recent = this.#lookingBack;
    this.#lookingBack = undefined;
    const [first] = recent ?? [];
    if (recent === undefined || first === undefined || past.length === 0) return undefined;
    this.#past = [...this.#past, ...past];
    const seen = recent.map(({ frame }) => frame);
    const between = this.#past.filter(
      (frame) => frame.atMs > first.frame.atMs && !seen.some(({ atMs }) => Math.abs(frame.atMs - atMs) < sameFrameMs),
    );
    return { before: first.before, frames: [...seen, ...between].sort((a, b) => a.atMs - b.atMs) };
  }
}
