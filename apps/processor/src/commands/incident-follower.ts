import { channels, type Incident, isFallEventId, type RoomState } from '@vigilia/protocol';
import type { ChannelBus } from '@vigilia/service';
import type { FallAnswer } from '@vigilia/vision';
import type { MonitoredRoom } from '../room/room-monitor.ts';

export interface IncidentFollowerOptions {
  readonly bus: ChannelBus;
  /** The monitor of a room that this processor has. */
  roomOf(sourceId: number): MonitoredRoom | undefined;
}

/**
 * Keeps the falls of a room as people have answered them: acknowledged means no more reminders, resolved means quiet at that place, and a
 * verdict that was taken back means neither. It follows the state of the retained incident, not the changes of it: so a processor that
 * starts again or takes the room later ends up with the same answer. Lets a room look back when its incident gives reason to: a fall that
 * a sensor or a person reported, and a dedicated processor that takes over and has no packets of before.
 */
export class IncidentFollower {
  readonly #options: IncidentFollowerOptions;
  readonly #incidents = new Map<string, Incident>();
  /** Of each incident, what has already given reason to look back. */
  readonly #reasons = new Map<string, readonly string[]>();

  constructor(options: IncidentFollowerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { bus } = this.#options;
    await bus.subscribe(channels.incident, ({ places, value }) => this.#take(places.incident_id, value));
  }

  /** A room's state as its monitor publishes it: a monitor with a fall gets again what people did about it. */
  roomChanged({ source_id: sourceId, fall }: RoomState): void {
    if (fall.event_id === undefined) return;
    for (const incident of this.#incidents.values()) {
      if (incident.source_id === sourceId) {
        this.#answer(incident);
      }
    }
  }

  #take(incidentId: string, incident: Incident | undefined): void {
    if (incident === undefined) {
      this.#incidents.delete(incidentId);
      this.#reasons.delete(incidentId);
      return;
    }
    this.#incidents.set(incidentId, incident);
    this.#answer(incident);
    this.#lookBack(incident);
  }

  #lookBack(incident: Incident): void {
    const { incident_id: incidentId, source_id: sourceId } = incident;
    const reasons = reasonsToLookBack(incident);
    const known = this.#reasons.get(incidentId) ?? [];
    this.#reasons.set(incidentId, reasons);
    const news = reasons.filter((reason) => !known.includes(reason));
    if (news.length > 0) {
      this.#options.roomOf(sourceId)?.lookBack({ reported: news.some((reason) => reason !== incident.dedicated) });
    }
  }

  /** An older incident of the same room does not answer a new fall: falls are distinguished by their events. */
  #answer(incident: Incident): void {
    const answer = answerOf(incident);
    if (answer === undefined) return;
    this.#options.roomOf(incident.source_id)?.answerFalls({ answer, eventIds: incident.event_ids });
  }
}

/** undefined: the system closed the incident, and no person has answered its falls. */
function answerOf({ state, steps }: Incident): FallAnswer | undefined {
  if (steps.resolved !== undefined) return 'resolved';
  // an incident that is open again has had a later fall, which needs an acknowledgment of its own
  if (steps.acknowledged !== undefined && state !== 'open') return 'acknowledged';
  return state === 'closing' || state === 'closed' ? undefined : 'open';
}

/** The falls that others than processors reported (a processor has looked back already), and the dedicated processor. */
function reasonsToLookBack({ state, falls = [], dedicated }: Incident): readonly string[] {
  if (state === 'closing' || state === 'closed') return [];
  const reported = falls.map(({ event_id: id }) => id).filter((id) => !isFallEventId(id));
  return dedicated === undefined ? reported : [...reported, dedicated];
}
