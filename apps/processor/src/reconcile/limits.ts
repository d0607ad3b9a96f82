/** How long preparing may take, and how long a result is waited for. All in milliseconds of the monotonic clock. */
export interface ReconcileLimits {
  /** First frame of a stream, on top of two keyframe intervals. */
  readonly streamMs: number;
  readonly modelMs: number;
  /** What a room that was blind already is given once all others are ready. */
  readonly blindGraceMs: number;
  /** A room without a result for this long after the switch reports `null`. */
  readonly gapMs: number;
}

export const defaultLimits: ReconcileLimits = { streamMs: 10_000, modelMs: 30_000, blindGraceMs: 3_000, gapMs: 5_000 };

/** Assumed until it is measured. */
const USUAL_KEYFRAME_INTERVAL_MS = 2_000;

/** Limit for the first frame of a stream. */
export function firstFrameLimitMs(limits: ReconcileLimits, keyframeIntervalMs: number | undefined): number {
  return limits.streamMs + 2 * (keyframeIntervalMs ?? USUAL_KEYFRAME_INTERVAL_MS);
}
