import { type FrameFault, type FrameMeasures, judgeFrameQuality } from './frame-quality.ts';

/** A frame in which nothing can be seen is reported after this time, ms: light that is switched off on the way out of a room is not. */
const poorAfterMs = 60_000;
/** It can be seen again when it was clear for this long, ms. */
const clearAfterMs = 5000;

/** Whether a room's frames show anything. */
export interface Visibility {
  /** Judgement of the last frame. */
  readonly last: FrameFault | undefined;
  /** Since when all frames have had a judgement like the last one (poor or clear), ms. */
  readonly sinceMs: number;
  /** What is reported: why nothing can be seen, and since when. */
  readonly poor: { readonly cause: FrameFault; readonly sinceMs: number } | undefined;
}

/** Takes the quality of a frame and its time, ms of a clock that never jumps. `state` is undefined before the first. */
export function observeVisibility(state: Visibility | undefined, quality: FrameMeasures, atMs: number): Visibility {
  const last = judgeFrameQuality(quality, state?.last);
  const turned = state === undefined || (state.last === undefined) !== (last === undefined);
  const sinceMs = turned ? atMs : state.sinceMs;
  const heldMs = atMs - sinceMs;
  return { last, sinceMs, poor: reported(state?.poor, last, { sinceMs, heldMs }) };
}

function reported(
  before: Visibility['poor'],
  last: FrameFault | undefined,
  { sinceMs, heldMs }: { readonly sinceMs: number; readonly heldMs: number },
): Visibility['poor'] {
  if (last === undefined) return heldMs >= clearAfterMs ? undefined : before;
  if (before !== undefined) return before;
  return heldMs >= poorAfterMs ? { cause: last, sinceMs } : undefined;
}
