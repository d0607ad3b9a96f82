import type { AlarmFigures, DetectionsMessage } from '@vigilia/protocol';
import type { WatchedTime } from '../plan/view.ts';

/** The published figures of alarms, and the watched time that is not in them yet. Reads no clock: every call brings the time. */
export class KnownAlarmFigures {
  #figures: AlarmFigures | undefined;
  readonly #seenMs = new Map<number, number>();
  readonly #roomMs = new Map<number, number>();
  readonly #modelMs = new Map<string, number>();
  #sinceMs: number | undefined;

  get figures(): AlarmFigures | undefined {
    return this.#figures;
  }

  get watched(): WatchedTime {
    return { roomMs: this.#roomMs, modelMs: this.#modelMs, sinceMs: this.#sinceMs ?? 0 };
  }

  /** What could not be heard while there was no connection does not count as watched. */
  connected(): void {
    this.#seenMs.clear();
  }

  /** Counts the time between two detection messages of a room, unless the room was unwatched in between. */
  seen({ source_id, model_id }: DetectionsMessage, nowMs: number, unwatchedAfterMs: number): void {
    this.#sinceMs ??= nowMs;
    const before = this.#seenMs.get(source_id);
    this.#seenMs.set(source_id, nowMs);
    if (before === undefined || nowMs - before > unwatchedAfterMs) return;
    add(this.#roomMs, source_id, nowMs - before);
    add(this.#modelMs, model_id, nowMs - before);
  }

  /** Found on the broker. What we wrote ourselves is newer. */
  load(figures: AlarmFigures): void {
    this.#figures ??= figures;
  }

  /** Our own, as published: what they count is no longer waiting. */
  put(figures: AlarmFigures, counted: WatchedTime, nowMs: number): void {
    this.#figures = figures;
    this.#sinceMs = nowMs;
    for (const [room, ms] of counted.roomMs) {
      add(this.#roomMs, room, -ms);
    }
    for (const [model, ms] of counted.modelMs) {
      add(this.#modelMs, model, -ms);
    }
  }
}

function add<K>(times: Map<K, number>, key: K, ms: number): void {
  const next = (times.get(key) ?? 0) + ms;
  if (next > 0) {
    times.set(key, next);
  } else {
    times.delete(key);
  }
}
