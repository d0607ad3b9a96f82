import { channels, type Incident, type RoomState } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import type { MonitoredRoom } from '../room/room-monitor.ts';

export interface IncidentFollowerOptions {
  readonly bus: ChannelBus;
  /** The monitor of a room that this processor has. */
  roomOf(sourceId: number): MonitoredRoom | undefined;
}

type Step = 'acknowledged' | 'resolved';

/**
 * Passes to the monitor of a room what people did about its fall: acknowledged means no more reminders, resolved means quiet at that
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

  /** A room's state as its monitor publishes it. */
  roomChanged(state: RoomState): void {
    const { source_id: sourceId, fall } = state;
    if (fall.event_id === undefined) {
      this.#falls.delete(sourceId);
      return;
    }
    if (this.#falls.get(sourceId)?.eventId !== fall.event_id) {
      this.#falls.set(sourceId, { eventId: fall.event_id, said: new Set() });
    }
    // again each time: a monitor publishes its first state before it is in the list of monitors
    for (const incident of this.#incidents.values()) this.#say(incident);
  }

  /** Rooms that another processor has now: if they come back, they are informed anew. */
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
    const monitor = this.#options.roomOf(incident.source_id);
    if (monitor === undefined) return;
    // an incident that is open again has had a later fall, which needs an acknowledgment of its own
    const acknowledged = incident.steps.acknowledged !== undefined && incident.state !== 'open';
    const resolved = incident.steps.resolved !== undefined;
    this.#once(fall.said, 'acknowledged', acknowledged, () => monitor.acknowledgeFall());
    this.#once(fall.said, 'resolved', resolved, () => monitor.resolveFall());
  }

  #once(said: Set<Step>, step: Step, done: boolean, tell: () => void): void {
    if (!done || said.has(step)) return;
    said.add(step);
    tell();
  }
}
