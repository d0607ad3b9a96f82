/**
 * Returns how long a room may be without a detection message before it counts as unwatched, in ms: 1.5 × the slowest interval in
 * force + 1 s (docs/architecture.md#unwatched-rooms).
 * @param slowestIntervalMs the longest interval that was set for any of its watchers since the last message.
 */
export function unwatchedAfterMs(slowestIntervalMs: number): number {
  return 1.5 * slowestIntervalMs + 1000;
}

interface RoomMeter {
  lastSeenMs: number;
  slowestIntervalMs: number;
  longestMs: number;
  readonly intervals: Map<string, number>;
}

/**
 * Measures, for each room, by how much the time between two detection messages was longer than it may be.
 * Fed with what is seen on MQTT and the (monotonic) time at which it was seen; reads no clock of its own.
 */
export class UnwatchedMeter {
  readonly #rooms = new Map<number, RoomMeter>();

  /** From `nowMs` on the room should be watched: at latest one interval of the given rate after this. */
  expect(sourceId: number, fps: number, nowMs: number): void {
    if (this.#rooms.has(sourceId)) return;
    this.#rooms.set(sourceId, { lastSeenMs: nowMs, slowestIntervalMs: 1000 / fps, longestMs: 0, intervals: new Map() });
  }

  /** The rate of a watcher of the room was set; undefined: it no longer monitors the room. */
  rate(instanceId: string, sourceId: number, fps: number | undefined): void {
    const room = this.#rooms.get(sourceId);
    if (room === undefined) return;
    if (fps === undefined) {
      room.intervals.delete(instanceId);
      return;
    }
    room.intervals.set(instanceId, 1000 / fps);
    room.slowestIntervalMs = Math.max(room.slowestIntervalMs, 1000 / fps);
  }

  /** A detection message of the room arrived, from whomever. */
  seen(sourceId: number, nowMs: number): void {
    const room = this.#rooms.get(sourceId);
    if (room === undefined) return;
    room.longestMs = Math.max(room.longestMs, excess(room, nowMs));
    // two watchers' messages may come in the other order
    room.lastSeenMs = Math.max(room.lastSeenMs, nowMs);
    if (room.intervals.size > 0) {
      room.slowestIntervalMs = Math.max(...room.intervals.values());
    }
  }

  /** The measuring service was not connected until now: messages that it could not receive do not count as missing. */
  connected(nowMs: number): void {
    for (const room of this.#rooms.values()) {
      room.lastSeenMs = nowMs;
    }
  }

  /** The room need not be watched any more. */
  forget(sourceId: number): void {
    this.#rooms.delete(sourceId);
  }

  /** How long the room is unwatched at this moment, ms; 0 while it is watched. */
  unwatchedMs(sourceId: number, nowMs: number): number {
    const room = this.#rooms.get(sourceId);
    return room === undefined ? 0 : excess(room, nowMs);
  }

  /** The longest time it was unwatched so far, ms, the present one included. */
  longestMs(sourceId: number, nowMs: number): number {
    const room = this.#rooms.get(sourceId);
    return room === undefined ? 0 : Math.max(room.longestMs, excess(room, nowMs));
  }

  /** `longest_unwatched_ms` of every room, whole ms. */
  report(nowMs: number): Record<string, number> {
    const ids = [...this.#rooms.keys()].sort((a, b) => a - b);
    return Object.fromEntries(ids.map((id) => [String(id), Math.round(this.longestMs(id, nowMs))]));
  }
}

function excess(room: RoomMeter, nowMs: number): number {
  return Math.max(0, nowMs - room.lastSeenMs - unwatchedAfterMs(room.slowestIntervalMs));
}
