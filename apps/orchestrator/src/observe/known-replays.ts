import type { Replay } from '@vigilia/protocol';
import type { Now } from '../plan/view.ts';

/** Replays that are on the broker, with the monotonic moment of their fall. Their content is not kept. */
export class KnownReplays {
  readonly #fallsAtMs = new Map<string, number>();

  /** By incident. */
  get all(): ReadonlyMap<string, number> {
    return this.#fallsAtMs;
  }

  /** @param replay undefined: it was cleared, or it has expired */
  take(incidentId: string, replay: Replay | undefined, now: Now): void {
    if (replay === undefined) {
      this.remove(incidentId);
      return;
    }
    const ageMs = Math.max(0, now.wallMs - Date.parse(replay.fall_at));
    this.#fallsAtMs.set(incidentId, now.monoMs - ageMs);
  }

  remove(incidentId: string): void {
    this.#fallsAtMs.delete(incidentId);
  }
}
