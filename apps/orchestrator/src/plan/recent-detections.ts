import { unwatchedAfterMs } from '@vigilia/protocol';
import type { ObservedProcessor } from './view.ts';

/** Slack on top of the limit (docs/architecture.md#unwatched-rooms) before a watcher counts as no longer seeing a room. */
const slackMs = 3000;

/** How much longer the last detection message of a processor for a room proves that it sees it, ms; ≤ 0: no longer. */
export function detectionsFreshForMs(processor: ObservedProcessor, sourceId: number, nowMs: number): number {
  const last = processor.detections.get(sourceId);
  const stream = processor.streams.get(sourceId);
  if (last === undefined || stream === undefined) return 0;
  return unwatchedAfterMs(1000 / stream.maxFps) + slackMs - (nowMs - last);
}

export function detectionsAreFresh(processor: ObservedProcessor, sourceId: number, nowMs: number): boolean {
  return detectionsFreshForMs(processor, sourceId, nowMs) > 0;
}

/** From this interval on the limit leaves a watcher seconds to spare: one detection is proof enough. */
const slowIntervalMs = 4000;

/**
 * Whether others may let go of the room: it is seen, and at a quick rate seen again about an interval later. The first picture
 * proves that a watcher has begun, not that it goes on, and from the moment the others let go only its own short interval counts.
 */
export function detectionsAreSteady(processor: ObservedProcessor, sourceId: number, nowMs: number): boolean {
  if (!detectionsAreFresh(processor, sourceId, nowMs)) return false;
  const intervalMs = 1000 / (processor.streams.get(sourceId)?.maxFps ?? 1);
  if (intervalMs > slowIntervalMs) return true;
  const sinceMs = processor.seenSince.get(sourceId) ?? nowMs;
  return (processor.detections.get(sourceId) ?? sinceMs) - sinceMs >= intervalMs / 2;
}
