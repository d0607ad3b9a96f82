import type { Incident } from '@vigilia/protocol';

/** What the automatic nurse of `--once` wants to have sent. */
export type NurseAction = { readonly command: 'acknowledge' | 'resolve'; readonly incidentId: string };

/**
 * Plays the person who looks after the incident: acknowledges once the dedicated processor watches the room alone (or
 * after 30 s without one), and resolves where the person is not up 60 s after that. Pure: it receives the time and reads no clock.
 */
export class AutomaticNurse {
  #acknowledgedAtMs: number | undefined;
  #openedAtMs: number | undefined;
  #resolved = false;

  nextAction(incident: Incident | undefined, nowMs: number): NurseAction | undefined {
    if (incident === undefined || incident.state === 'closed') return undefined;
    this.#openedAtMs ??= nowMs;
    const incidentId = incident.incident_id;
    if (this.#acknowledgedAtMs === undefined) {
      const ready = incident.steps.room_released !== undefined || nowMs - this.#openedAtMs > 30_000;
      if (!ready) return undefined;
      this.#acknowledgedAtMs = nowMs;
      return { command: 'acknowledge', incidentId };
    }
    const up = incident.recovered_at !== undefined;
    if (this.#resolved || up || nowMs - this.#acknowledgedAtMs < 60_000) return undefined;
    this.#resolved = true;
    return { command: 'resolve', incidentId };
  }
}
