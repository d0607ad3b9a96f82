import { channels, type DetectionsMessage, type RoomState, type VigiliaEvent } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import { inheritedFall } from './inherited-fall.ts';

/** What a monitored room publishes through; tests replace it. */
export type RoomOutput = Pick<RoomPublisher, 'detections' | 'room' | 'event'>;

export interface RoomPublisherOptions {
  readonly bus: ChannelBus;
  /** Read anew for each message: `rename_instance` changes it. */
  readonly identity: { readonly instanceId: string; readonly bootId: string };
  /** Called with each room's state, also by others in this process. */
  onRoom?(state: RoomState): void;
}

/**
 * Publishes what the monitored rooms report. Keeps each room's last state and its fall while it is active, and announces them
 * again on every connection with the same `event_id`, so that an orchestrator or a broker that was offline misses nothing.
 */
export class RoomPublisher {
  readonly #options: RoomPublisherOptions;
  readonly #rooms = new Map<number, RoomState>();
  readonly #falls = new Map<number, VigiliaEvent>();

  constructor(options: RoomPublisherOptions) {
    this.#options = options;
  }

  /** One for every analysed frame, also when it is empty. */
  detections(message: DetectionsMessage): void {
    const { bus, identity } = this.#options;
    const stamped = { ...message, instance_id: identity.instanceId };
    void bus.publish(channels.detections, { source_id: message.source_id }, stamped);
  }

  /** On change: what must travel with the room (retained). */
  room(state: RoomState): void {
    this.#rooms.set(state.source_id, state);
    if (state.fall.state === 'none' || state.fall.state === 'recovered') {
      this.#falls.delete(state.source_id);
    }
    const inherited = this.#falls.has(state.source_id) ? undefined : inheritedFall(state, this.#options.identity);
    if (inherited !== undefined) {
      this.#falls.set(state.source_id, inherited);
    }
    this.#publishRoom(state);
    this.#options.onRoom?.(state);
  }

  event(event: VigiliaEvent): void {
    if (event.source_id !== undefined) {
      if (event.event === 'fall_detected') {
        this.#falls.set(event.source_id, event);
      }
      if (event.event === 'fall_recovered') {
        this.#falls.delete(event.source_id);
      }
    }
    this.#publishEvent(event);
  }

  /** Rooms that are no longer monitored here are announced by others. Their retained state stays for their next watcher. */
  forget(sourceIds: readonly number[]): void {
    for (const sourceId of sourceIds) {
      this.#rooms.delete(sourceId);
      this.#falls.delete(sourceId);
    }
  }

  /** After each connection. */
  announce(): void {
    for (const state of this.#rooms.values()) {
      this.#publishRoom(state);
    }
    for (const fall of this.#falls.values()) {
      this.#publishEvent(fall);
    }
  }

  #publishRoom(state: RoomState): void {
    const { bus, identity } = this.#options;
    const watcher = state.watcher === null ? null : identity.instanceId;
    const { source_id } = state;
    void bus.publish(channels.room, { source_id }, { ...state, watcher, boot_id: identity.bootId });
  }

  #publishEvent(event: VigiliaEvent): void {
    const { bus, identity } = this.#options;
    void bus.publish(channels.event, { type: event.event }, { ...event, instance_id: identity.instanceId });
  }
}
