import type { BlindCause, Blindness } from '../stream/blindness.ts';
import { CauseMeter } from './cause-meter.ts';
import { blindEvent, type RoomEventFields, seenEvent } from './room-events.ts';

/** Whether a room sees, since when not, and what is reported about it. */
export class RoomBlindness {
  readonly #meter = new CauseMeter<BlindCause>();
  #eventId: string | undefined;
  #since: number | undefined;

  /** Wall clock, ms; undefined while the room sees or a stream is only starting. */
  get sinceMs(): number | undefined {
    return this.#since;
  }

  /** Takes the stream's present state; returns the event to publish when it has changed. */
  update(blindness: Blindness | undefined, monotonicMs: number): RoomEventFields | undefined {
    this.#meter.set(blindness?.cause, monotonicMs);
    if (blindness === undefined) return this.#seen();
    if (blindness.cause === 'starting' || this.#eventId !== undefined) return undefined;
    const event = blindEvent(blindness);
    this.#eventId = event.event_id;
    this.#since = blindness.sinceMs;
    return event;
  }

  /** Blind time by cause, ms. */
  totals(monotonicMs: number): Readonly<Partial<Record<BlindCause, number>>> {
    return this.#meter.totals(monotonicMs);
  }

  #seen(): RoomEventFields | undefined {
    if (this.#eventId === undefined) return undefined;
    const event = seenEvent(this.#eventId);
    this.#eventId = undefined;
    this.#since = undefined;
    return event;
  }
}
