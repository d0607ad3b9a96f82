import type { MonitoredRoom } from '../room/room-monitor.ts';

/**
 * Remembers the keyframe interval of each room: a stream in full decode may not know it any more, and forgetting it would send
 * the room back to keyframes that come too seldom.
 */
export class KeyframeMemory {
  readonly #known = new Map<number, { address: string; intervalMs: number }>();

  /** Takes over what the running streams have measured by now. */
  observe(monitors: Iterable<MonitoredRoom>): void {
    for (const { stream } of monitors) {
      const intervalMs = stream.keyframeIntervalMs();
      const { sourceId, address } = stream.spec;
      if (intervalMs !== undefined) {
        this.#known.set(sourceId, { address, intervalMs });
      } else if (this.#known.get(sourceId)?.address !== address) {
        this.#known.delete(sourceId);
      }
    }
  }

  intervalMs(sourceId: number): number | undefined {
    return this.#known.get(sourceId)?.intervalMs;
  }
}
