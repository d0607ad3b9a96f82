import { createTopics, fallEventId, type RoomState } from '@vigilia/protocol';
import { makeEvent, makeRoomState } from './messages.ts';

type Fall = RoomState['fall'];
type Publish = (topic: string, body: unknown, options?: { retain?: boolean }) => void;

const topics = createTopics();

/** The fall machine of a simulated processor: two frames of a person on the floor make a fall, one of a person who is up ends it. */
export class SimFalls {
  readonly #self: string;
  readonly #publish: Publish;
  readonly #iso: () => string;
  readonly #known = new Map<number, Fall>();
  readonly #sightings = new Map<number, number>();

  constructor(options: { self: string; publish: Publish; iso: () => string }) {
    this.#self = options.self;
    this.#publish = options.publish;
    this.#iso = options.iso;
  }

  /** What another watcher left of a room. */
  read(state: RoomState): void {
    if (state.watcher !== this.#self) {
      this.#known.set(state.source_id, state.fall);
    }
  }

  /** The room's state, and its fall again while it lasts: as on every connect. */
  tellAgain(sourceId: number): void {
    this.tellRoom(sourceId);
    const fall = this.#known.get(sourceId);
    if (fall?.state === 'alarm') {
      this.#announce(sourceId, fall);
    }
  }

  tellRoom(sourceId: number): void {
    const fall = this.#known.get(sourceId) ?? { state: 'none' };
    this.#publish(topics.room(sourceId), makeRoomState(this.#sender, sourceId, { fall }), { retain: true });
  }

  observe(sourceId: number, room: { person: 'up' | 'down'; fall: number }): void {
    const known = this.#known.get(sourceId)?.state ?? 'none';
    const sightings = room.person === 'down' ? (this.#sightings.get(sourceId) ?? 0) + 1 : 0;
    this.#sightings.set(sourceId, sightings);
    if (sightings >= 2 && known !== 'alarm') {
      const fall = { state: 'alarm' as const, event_id: fallId(sourceId, room.fall) };
      this.#known.set(sourceId, fall);
      this.tellRoom(sourceId);
      this.#announce(sourceId, fall);
    } else if (room.person === 'up' && known === 'alarm') {
      this.#known.set(sourceId, { state: 'recovered' });
      this.tellRoom(sourceId);
    }
  }

  /** A change of the room's watch begins its sightings anew. */
  restart(sourceId: number): void {
    this.#sightings.delete(sourceId);
  }

  #announce(sourceId: number, { event_id }: Fall): void {
    if (event_id === undefined) return;
    const event = makeEvent(this.#sender, 'fall_detected', sourceId, { event_id, trace_id: event_id });
    this.#publish(topics.event('fall_detected'), event);
  }

  get #sender(): { readonly instanceId: string; readonly at: string } {
    return { instanceId: this.#self, at: this.#iso() };
  }
}

/** An identity of the form that processors give to falls, the same in every run. */
function fallId(sourceId: number, count: number): string {
  const digits = (value: number, length: number): string => value.toString(16).padStart(length, '0');
  return fallEventId('fall_detected', digits(sourceId, 16) + digits(count, 16));
}
