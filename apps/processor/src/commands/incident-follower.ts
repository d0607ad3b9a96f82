import { channels, type Incident, type RoomState } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import type { RoomWatch } from '../watch/ports.ts';

export interface IncidentFollowerOptions {
  readonly bus: ChannelBus;
  /** The watch of a room, when this processor watches it. */
  watchOf(sourceId: number): RoomWatch | undefined;
}

type Step = 'acknowledged' | 'resolved';

/**
 * Tells the watch of a room what people did about its fall: acknowledged means no more reminders, resolved means quiet at that
 * place. Both are read from the retained incident, so that a watcher that took the room later learns of them too.
 */
export class IncidentFollower {
  readonly #options: IncidentFollowerOptions;
  readonly #incidents = new Map<string, Incident>();
  /** Fall of each room by its event, and what was said of it already. */
  readonly #falls = new Map<number, { eventId: string; said: Set<Step> }>();

  constructor(options: IncidentFollowerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(channels.incident, ({ places, value }) => this.#take(places.incident_id, value));
  }

  /** A room's state as its watch tells it. */
  roomChanged(state: RoomState): void {
    const { source_id: sourceId, fall } = state;
    if (fall.event_id === undefined) {
      this.#falls.delete(sourceId);
      return;
    }
    if (this.#falls.get(sourceId)?.eventId !== fall.event_id) {
      this.#falls.set(sourceId, { eventId: fall.event_id, said: new Set() });
    }
    // again each time: a watch tells its first state before it is in the list of watches
    for (const incident of this.#incidents.values()) this.#say(incident);
  }

  /** Rooms of others: whoever watches them next is told anew. */
  forget(sourceIds: readonly number[]): void {
    for (const sourceId of sourceIds) this.#falls.delete(sourceId);
  }

  #take(incidentId: string, incident: Incident | undefined): void {
    if (incident === undefined) {
      this.#incidents.delete(incidentId);
      return;
    }
    this.#incidents.set(incidentId, incident);
    this.#say(incident);
  }

  /** An older incident of the same room says nothing about a new fall: they are told apart by the event. */
  #say(incident: Incident): void {
    const fall = this.#falls.get(incident.source_id);
    if (fall === undefined || !incident.event_ids.includes(fall.eventId)) return;
    const watch = this.#options.watchOf(incident.source_id);
    if (watch === undefined) return;
    // an incident that is open again has had a later fall, which needs an acknowledgment of its own
    const acknowledged = incident.steps.acknowledged !== undefined && incident.state !== 'open';
    const resolved = incident.steps.resolved !== undefined;
    this.#once(fall.said, 'acknowledged', acknowledged, () => watch.acknowledgeFall());
    this.#once(fall.said, 'resolved', resolved, () => watch.resolveFall());
  }

  #once(said: Set<Step>, step: Step, done: boolean, tell: () => void): void {
    if (!done || said.has(step)) return;
    said.add(step);
    tell();
  }
}
