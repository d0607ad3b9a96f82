import type { DetectionsMessage, RoomState, Topics, VigiliaEvent } from '@vigilia/protocol';
import { type Bus, redactDeep } from '@vigilia/service';
import type { WatchOutput } from '../watch/ports.ts';
import type { Identity } from './identity.ts';
import { inheritedFall } from './inherited-fall.ts';

export interface WatchPublisherOptions {
  readonly bus: Bus;
  readonly topics: Topics;
  readonly identity: Identity;
  /** Told of each room's state, also by others in this process. */
  onRoom?(state: RoomState): void;
}

/**
 * Puts on their topics what the watches tell. Keeps each room's last state and its fall while it is active, and announces them
 * again on every connection with the same `event_id`, so that an orchestrator or a broker that was away misses nothing.
 */
export class WatchPublisher implements WatchOutput {
  readonly #options: WatchPublisherOptions;
  readonly #rooms = new Map<number, RoomState>();
  readonly #falls = new Map<number, VigiliaEvent>();

  constructor(options: WatchPublisherOptions) {
    this.#options = options;
  }

  detections(message: DetectionsMessage): void {
    const { bus, topics, identity } = this.#options;
    const stamped = { ...message, instance_id: identity.instanceId };
    void bus.publish(topics.detections(message.source_id), stamped, { qos: 0 });
  }

  room(state: RoomState): void {
    this.#rooms.set(state.source_id, state);
    if (state.fall.state === 'none' || state.fall.state === 'recovered') this.#falls.delete(state.source_id);
    const inherited = this.#falls.has(state.source_id) ? undefined : inheritedFall(state, this.#options.identity);
    if (inherited !== undefined) this.#falls.set(state.source_id, inherited);
    this.#publishRoom(state);
    this.#options.onRoom?.(state);
  }

  event(event: VigiliaEvent): void {
    if (event.source_id !== undefined) {
      if (event.event === 'fall_detected') this.#falls.set(event.source_id, event);
      if (event.event === 'fall_recovered') this.#falls.delete(event.source_id);
    }
    this.#publishEvent(event);
  }

  /** Rooms that are no longer watched are no longer ours to announce. Their retained state stays for whoever takes them. */
  forget(sourceIds: readonly number[]): void {
    for (const sourceId of sourceIds) {
      this.#rooms.delete(sourceId);
      this.#falls.delete(sourceId);
    }
  }

  /** After each connection. */
  announce(): void {
    for (const state of this.#rooms.values()) this.#publishRoom(state);
    for (const fall of this.#falls.values()) this.#publishEvent(fall);
  }

  #publishRoom(state: RoomState): void {
    const { bus, topics, identity } = this.#options;
    const watcher = state.watcher === null ? null : identity.instanceId;
    void bus.publish(topics.room(state.source_id), { ...state, watcher, boot_id: identity.bootId }, { retain: true });
  }

  #publishEvent(event: VigiliaEvent): void {
    const { bus, topics, identity } = this.#options;
    void bus.publish(topics.event(event.event), redactDeep({ ...event, instance_id: identity.instanceId }));
  }
}
