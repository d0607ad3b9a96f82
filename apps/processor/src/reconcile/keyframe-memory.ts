import type { RoomWatch } from '../watch/ports.ts';

/**
 * Remembers the keyframe interval of each room: a stream in full decode may not know it any more, and forgetting it would send
 * the room back to keyframes that come too seldom.
 */
export class KeyframeMemory {
  readonly #known = new Map<number, { address: string; intervalMs: number }>();

  /** Takes over what the running streams have measured by now. */
  observe(watches: Iterable<RoomWatch>): void {
    for (const { stream } of watches) {
      const intervalMs = stream.keyframeIntervalMs();
      const { sourceId, address } = stream.spec;
      if (intervalMs !== undefined) this.#known.set(sourceId, { address, intervalMs });
      else if (this.#known.get(sourceId)?.address !== address) this.#known.delete(sourceId);
    }
  }

  intervalMs(sourceId: number): number | undefined {
    return this.#known.get(sourceId)?.intervalMs;
  }
}
