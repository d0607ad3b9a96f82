/**
 * Where a clip is at this moment when it has been playing in a loop since `epochMs`: every reader that opens it there
 * sees the same moment, as with a camera. Result in seconds, `0 ≤ s < durationSeconds`.
 */
export function clipPosition(nowMs: number, epochMs: number, durationSeconds: number): number {
  if (!(durationSeconds > 0)) return 0;
  const elapsed = (nowMs - epochMs) / 1000;
  return ((elapsed % durationSeconds) + durationSeconds) % durationSeconds;
}
