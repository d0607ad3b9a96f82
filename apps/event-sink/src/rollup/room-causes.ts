import { asInteger, asRecord, asText, type Json } from '../schema/json-fields.ts';

/** Causes that come with frames: a camera sends, and nothing can be seen. */
const withFrames: ReadonlySet<string> = new Set(['dark', 'covered']);

/** Why rooms have no results or show nothing, from the statuses of processors and the events of rooms. */
export class RoomCauses {
  /** Rooms that each processor lists. */
  readonly #listed = new Map<string, ReadonlySet<number>>();
  readonly #offline = new Set<string>();
  readonly #paused = new Set<string>();
  readonly #blind = new Map<number, string>();

  observeStatus(instanceId: string, payload: Json): void {
    if (payload.status === 'offline') {
      this.#offline.add(instanceId);
      return;
    }
    this.#offline.delete(instanceId);
    if (payload.status === 'paused') {
      this.#paused.add(instanceId);
    } else if (payload.status !== undefined) {
      this.#paused.delete(instanceId);
    }
    if (!Array.isArray(payload.streams)) return;
    const rooms = new Set<number>();
    for (const stream of payload.streams.map(asRecord)) {
      const sourceId = asInteger(stream?.source_id);
      if (sourceId === undefined) continue;
      rooms.add(sourceId);
      if (stream?.state === 'blind') {
        this.#blind.set(sourceId, asText(stream.blind_cause) ?? 'unknown');
      } else if (stream?.state === 'watching') {
        this.#blind.delete(sourceId);
      }
    }
    this.#listed.set(instanceId, rooms);
  }

  observeEvent(type: string, sourceId: number, payload: Json): void {
    if (type === 'room_blind') {
      this.#blind.set(sourceId, asText(payload.reason) ?? 'unknown');
    } else if (type === 'room_seen') {
      this.#blind.delete(sourceId);
    }
  }

  /** A detection message of the room arrived, so its camera sends frames. */
  frameSeen(sourceId: number): void {
    if (!withFrames.has(this.#blind.get(sourceId) ?? '')) {
      this.#blind.delete(sourceId);
    }
  }

  /** Returns why nothing can be seen in the room; undefined while something can. */
  blind(sourceId: number): string | undefined {
    return this.#blind.get(sourceId);
  }

  /** Returns why a room that should have results has none. */
  unwatched(sourceId: number): string {
    const listing = [...this.#listed].filter(([, rooms]) => rooms.has(sourceId)).map(([instanceId]) => instanceId);
    if (listing.length === 0) return 'no_processor';
    const running = listing.filter((instanceId) => !this.#offline.has(instanceId));
    if (running.length === 0) return 'processor_offline';
    if (running.every((instanceId) => this.#paused.has(instanceId))) return 'paused';
    return this.#blind.get(sourceId) ?? 'no_results';
  }
}
