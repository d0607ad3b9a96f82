import type { MonitoredRoom } from '../room/room-monitor.ts';

/** A room that was switched, and when its last result before that was seen (for a new room: when it was taken). */
export interface SwitchedRoom {
  readonly monitor: MonitoredRoom;
  readonly beforeMs: number;
}

/** Milliseconds without a result over the switch by room; null: none within the limit. */
export type Gaps = Record<string, number | null>;

/** Waits for the first result of each switched room after `switchedAtMs` (monotonic), at most `limitMs`. */
export async function measureGaps(
  rooms: readonly SwitchedRoom[],
  switchedAtMs: number,
  limitMs: number,
): Promise<Gaps> {
  const measured = await Promise.all(
    rooms.map(async ({ monitor, beforeMs }) => {
      const afterMs = await monitor.nextResult(switchedAtMs, limitMs);
      return [String(monitor.sourceId), afterMs === undefined ? null : Math.round(afterMs - beforeMs)] as const;
    }),
  );
  return Object.fromEntries(measured);
}

/**
 * Goes on waiting for a room that had no result within the limit, in steps, until one comes or `wanted` returns that it is not needed
 * any more.
 */
export async function awaitLateResult(
  room: SwitchedRoom,
  switchedAtMs: number,
  stepMs: number,
  wanted: () => boolean,
): Promise<number | undefined> {
  while (wanted()) {
    const afterMs = await room.monitor.nextResult(switchedAtMs, stepMs);
    if (afterMs !== undefined) return Math.round(afterMs - room.beforeMs);
  }
  return undefined;
}
