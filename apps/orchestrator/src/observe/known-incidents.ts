import type { Incident } from '@vigilia/protocol';
import type { Now, TimedIncident } from '../plan/view.ts';

/**
 * Incidents with, for each of their times, the monotonic moment it stands for. The orchestrator is the only one who
 * writes incidents, so what it knows is never older than what the broker kept.
 */
export class KnownIncidents {
  readonly #views = new Map<string, TimedIncident>();

  get all(): ReadonlyMap<string, TimedIncident> {
    return this.#views;
  }

  /** One found on the broker: its times are placed by the wall clock once, here, and never lie in the future. */
  load(incident: Incident, now: Now): void {
    if (this.#views.has(incident.incident_id)) return;
    const anchors = new Map<string, number>();
    for (const iso of timesOf(incident)) {
      anchors.set(iso, now.monoMs - Math.max(0, now.wallMs - Date.parse(iso)));
    }
    this.#views.set(incident.incident_id, { incident, anchors });
  }

  /** One of our own, as it was published: a time that is new in it is now. */
  put(incident: Incident, now: Now): void {
    const before = this.#views.get(incident.incident_id)?.anchors;
    const anchors = new Map<string, number>();
    for (const iso of timesOf(incident)) {
      anchors.set(iso, before?.get(iso) ?? now.monoMs);
    }
    this.#views.set(incident.incident_id, { incident, anchors });
  }

  remove(incidentId: string): void {
    this.#views.delete(incidentId);
  }
}

function timesOf(incident: Incident): string[] {
  const { opened_at, updated_at, recovered_at, acknowledged_at, closed_at, attempts, steps } = incident;
  const { falls = [], by, verdict } = incident;
  const times = [
    opened_at,
    updated_at,
    recovered_at,
    acknowledged_at,
    closed_at,
    attempts.last_at,
    verdict?.at,
    ...falls.map(({ reported_at }) => reported_at),
    ...by.map(({ at }) => at),
    ...Object.values(steps),
  ];
  return times.filter((time) => time !== undefined);
}
