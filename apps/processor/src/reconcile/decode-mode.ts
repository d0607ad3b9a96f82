import type { Decode } from '@vigilia/protocol';
import type { DecodeMode } from '../stream/stream-spec.ts';

/** Below this rate a camera whose keyframe interval is not known yet is tried with keyframes (2 s is usual). */
const KEYFRAMES_UP_TO_FPS = 0.5;
/** Sparser keyframes than this are not relied on: a blind room would be noticed too late. */
const SPARSEST_MS = 10_000;
/** Measured intervals jitter: a room on keyframes leaves them only when clearly too slow, one on full decode must fit. */
const STAY_TOLERANCE = 1.15;
const ENTER_TOLERANCE = 1.05;

export interface DecodeQuestion {
  /** The setting: `auto` lets the rate decide. */
  readonly mode: Decode;
  readonly maxFps: number;
  /** Measured; undefined while it is not known, Infinity where no keyframe can be decoded alone. */
  readonly keyframeIntervalMs: number | undefined;
  /** What the room decodes now; undefined for a new one. */
  readonly current?: DecodeMode | undefined;
}

/**
 * Which decoding a room needs: keyframes only when one comes at least as often as a frame is wanted. Decoding keyframes alone
 * costs about a twentieth of decoding everything; it cannot be faster than the camera's keyframe interval.
 */
export function chooseDecode(question: DecodeQuestion): DecodeMode {
  const { mode, maxFps, keyframeIntervalMs, current } = question;
  if (mode !== 'auto') return mode;
  // a room that decodes every frame has seen no two keyframes yet, or never will: it stays until they are measured
  if (keyframeIntervalMs === undefined) {
    return current !== 'full' && maxFps <= KEYFRAMES_UP_TO_FPS ? 'keyframes' : 'full';
  }
  if (keyframeIntervalMs > SPARSEST_MS) return 'full';
  const tolerance = current === 'keyframes' ? STAY_TOLERANCE : ENTER_TOLERANCE;
  return keyframeIntervalMs <= (1000 / maxFps) * tolerance ? 'keyframes' : 'full';
}
