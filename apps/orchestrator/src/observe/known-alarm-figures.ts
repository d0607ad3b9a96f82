import type { AlarmFigures, DetectionsMessage } from '@vigilia/protocol';
import type { WatchedTime } from '../plan/view.ts';

/** The published figures of alarms, and the watched time that is not in them yet. Reads no clock: every call brings the time. */
export class KnownAlarmFigures {
  #figures: AlarmFigures | undefined;
  /** Last detection message of each room, and of each model there. */
  readonly #roomSeenMs = new Map<number, number>();
  readonly #modelSeenMs = new Map<string, number>();
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
    this.#roomSeenMs.clear();
    this.#modelSeenMs.clear();
  }

  /**
   * Counts the time between two detection messages of a room, and of a model there, unless the room was unwatched in between. Two watchers
   * with a model each send in turn: every model counts its own messages.
   */
  seen({ source_id, model_id }: DetectionsMessage, nowMs: number, unwatchedAfterMs: number): void {
    this.#sinceMs ??= nowMs;
    const count = <K, T>(seen: Map<K, number>, of: K, watched: Map<T, number>, key: T): void => {
      const before = seen.get(of);
      seen.set(of, nowMs);
      if (before === undefined || nowMs - before > unwatchedAfterMs) return;
      add(watched, key, nowMs - before);
    };
    count(this.#roomSeenMs, source_id, this.#roomMs, source_id);
    count(this.#modelSeenMs, `${source_id} ${model_id}`, this.#modelMs, model_id);
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
