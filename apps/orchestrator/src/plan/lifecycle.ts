import type { Incident } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { byAge, isActive } from './incident-state.ts';
import type { Rules } from './rules.ts';

/** A drill without alerts ends by itself this long after the room was released to the dedicated processor. */
const drillLastsMs = 5000;

/** Where each incident stands: recovered, released, closing. Never by time alone while a person is down. */
export function advanceIncidents({ draft }: Rules): void {
  for (const incident of byAge(draft)) {
    if (!isActive(incident)) continue;
    notePerson(draft, incident);
    const reason = reasonToClose(draft, incident);
    if (reason === undefined) {
      releaseWhenUp(draft, incident);
      continue;
    }
    draft.edit(incident.incident_id, {
      state: 'closing',
      outcome: incident.drill ? 'drill' : 'unknown',
      note: reason,
    });
  }
}

/** How long the person has been up without a break since the last report of a fall, ms; undefined while down or unknown. */
function upForMs(draft: Draft, incident: Incident): number | undefined {
  const room = draft.view.rooms.get(incident.source_id);
  if (room === undefined || room.down || room.upSinceMs === undefined) return undefined;
  return Math.min(draft.ageMs(incident, incident.opened_at), draft.now.monoMs - room.upSinceMs);
}

/** Records whether the person is down or up. What is not seen stays as it was seen last. A drill has no person. */
function notePerson(draft: Draft, incident: Incident): void {
  if (incident.drill) return;
  const id = incident.incident_id;
  const upMs = upForMs(draft, incident);
  if (upMs !== undefined && incident.recovered_at === undefined) {
    const at = new Date(draft.now.wallMs - upMs).toISOString();
    draft.step(id, 'recovered');
    draft.edit(id, { recovered_at: at, person: 'up', falls: endedFalls(draft, incident, at) });
  } else if (draft.view.rooms.get(incident.source_id)?.down === true && incident.person !== 'down') {
    draft.edit(id, { recovered_at: undefined, person: 'down' });
  }
}

/** The falls, with the last one ended. A person who stayed up while a sensor reported a fall has not got up from it. */
function endedFalls(draft: Draft, { falls, ...incident }: Incident, at: string): Incident['falls'] {
  const last = falls?.at(-1);
  if (last === undefined || last.recovered_at !== undefined) return falls;
  const { noneLowSinceMs = draft.now.monoMs } = draft.view.rooms.get(incident.source_id) ?? {};
  const stayedUp = draft.now.monoMs - noneLowSinceMs > draft.ageMs(incident, last.reported_at);
  return stayedUp ? falls : falls?.with(-1, { ...last, recovered_at: at });
}

/** Why the system closes an incident by itself, in words; what people found it cannot know. */
function reasonToClose(draft: Draft, found: Incident): string | undefined {
  const incident = draft.incident(found.incident_id) ?? found;
  const { timings } = draft.policy;
  if (!draft.desired.has(incident.source_id)) return 'the room is no longer monitored';
  if (incident.drill) return reasonToEndDrill(draft, incident);
  if (incident.acknowledged_at === undefined) return undefined;
  const up = upForMs(draft, incident);
  if (up !== undefined && draft.reached(up, timings.up_before_close_seconds * 1000)) {
    return 'acknowledged, and the person is up';
  }
  const acknowledgedForMs = draft.ageMs(incident, incident.acknowledged_at);
  if (incident.person !== 'down' && draft.reached(acknowledgedForMs, timings.max_duration_seconds * 1000)) {
    return 'acknowledged, and no person has been seen down for long';
  }
  return undefined;
}

function reasonToEndDrill(draft: Draft, drill: Incident): string | undefined {
  const { drill_seconds: limit } = draft.policy.timings;
  if (drill.with_alerts === true) {
    return draft.reached(draft.ageMs(drill, drill.opened_at), limit * 1000) ? 'the drill took its time' : undefined;
  }
  const released = drill.steps.room_released;
  if (released === undefined || !draft.reached(draft.ageMs(drill, released), drillLastsMs)) return undefined;
  return 'the drill went through';
}

/** A person who is up for minutes no longer needs the dedicated watch; the incident stays until somebody looks at it. */
function releaseWhenUp(draft: Draft, incident: Incident): void {
  if (incident.released === true || incident.drill) return;
  const up = upForMs(draft, draft.incident(incident.incident_id) ?? incident);
  if (up === undefined || !draft.reached(up, draft.policy.timings.up_before_return_seconds * 1000)) return;
  draft.edit(incident.incident_id, { released: true, note: 'the person is up; the room goes home' });
}
