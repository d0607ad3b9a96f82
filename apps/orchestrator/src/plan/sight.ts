import { unwatchedAfterMs } from '@vigilia/protocol';
import type { ProcessorView } from './view.ts';

/** Slack on top of the contract's limit before a watcher counts as no longer seeing a room. */
const slackMs = 3000;

/** How much longer the last detection message of a processor for a room proves that it sees it, ms; ≤ 0: no longer. */
export function sightLeftMs(processor: ProcessorView, sourceId: number, nowMs: number): number {
  const last = processor.detections.get(sourceId);
  const stream = processor.streams.get(sourceId);
  if (last === undefined || stream === undefined) return 0;
  return unwatchedAfterMs(1000 / stream.maxFps) + slackMs - (nowMs - last);
}

export function sightHolds(processor: ProcessorView, sourceId: number, nowMs: number): boolean {
  return sightLeftMs(processor, sourceId, nowMs) > 0;
}
