import { isDeepStrictEqual } from 'node:util';
import type { Rate } from '../schedule/host-worker.ts';
import type { BurstRequest } from './burst.ts';
import type { MonitorSettings } from './monitor-settings.ts';

/** How often a room wants to be looked at, and what it may claim when the CPU is short. */
export function wantedRate(room: {
  readonly maxFps: number;
  readonly burst: BurstRequest | undefined;
  readonly people: number;
}): Rate {
  const fps = Math.max(room.maxFps, room.burst?.fps ?? 0);
  const claim = room.burst !== undefined ? 'burst' : room.people > 0 ? 'people' : 'quiet';
  return { intervalMs: 1000 / fps, claim };
}

/** Whether results under both settings would be the same: only the rate differs. */
export function sameResult(a: MonitorSettings, b: MonitorSettings): boolean {
  return a.confidence === b.confidence && a.tracking === b.tracking && isDeepStrictEqual(a.zones, b.zones);
}
