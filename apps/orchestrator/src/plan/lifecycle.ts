import type { Incident } from '@vigilia/protocol';
import type { Draft } from './draft.ts';
import { byAge, isActive } from './incident-state.ts';
import type { Rules } from './rules.ts';

/** A drill ends by itself this long after the room was released to the dedicated processor. */
const drillLastsMs = 5000;

/** Where each incident stands: recovered, released, closing. Never by time alone while a person is down. */
export function advanceIncidents({ draft }: Rules): void {
  for (const incident of byAge(draft)) {
    if (!isActive(incident)) continue;
    noteRecovery(draft, incident);
    const reason = reasonToClose(draft, incident);
    if (reason === undefined) releaseWhenUp(draft, incident);
    else draft.edit(incident.incident_id, { state: 'closing', outcome: reason.outcome, note: reason.note });
  }
}

/** How long the person has been up without a break, ms; undefined while down or unknown. */
function upForMs(draft: Draft, incident: Incident): number | undefined {
  const room = draft.view.rooms.get(incident.source_id);
  if (room === undefined || room.down || room.upSinceMs === undefined) return undefined;
  const openForMs = draft.ageMs(incident, incident.opened_at);
  return Math.min(openForMs, draft.now.monoMs - room.upSinceMs);
}

function noteRecovery(draft: Draft, incident: Incident): void {
  const up = upForMs(draft, incident);
  const id = incident.incident_id;
  if (up !== undefined && incident.recovered_at === undefined) {
    draft.step(id, 'recovered');
    draft.edit(id, { recovered_at: draft.nowIso });
  } else if (incident.recovered_at !== undefined && draft.view.rooms.get(incident.source_id)?.down === true) {
    draft.edit(id, { recovered_at: undefined });
  }
}

function reasonToClose(
  draft: Draft,
  found: Incident,
): { outcome: Incident['outcome'] & string; note: string } | undefined {
  const incident = draft.incident(found.incident_id) ?? found;
  const { timings } = draft.policy;
  if (!draft.desired.has(incident.source_id)) {
    return { outcome: 'false_alarm', note: 'the room is no longer to be watched' };
  }
  const released = incident.steps.room_released;
  if (incident.drill && released !== undefined && draft.reached(draft.ageMs(incident, released), drillLastsMs)) {
    return { outcome: 'drill', note: 'the drill went through' };
  }
  if (incident.acknowledged_at === undefined) return undefined;
  const up = upForMs(draft, incident);
  if (up !== undefined && draft.reached(up, timings.up_before_close_seconds * 1000)) {
    return { outcome: 'helped', note: 'acknowledged, and the person is up' };
  }
  const acknowledgedForMs = draft.ageMs(incident, incident.acknowledged_at);
  const down = draft.view.rooms.get(incident.source_id)?.down === true;
  if (!down && draft.reached(acknowledgedForMs, timings.max_duration_seconds * 1000)) {
    return { outcome: 'helped', note: 'acknowledged, and nobody has been seen down for long' };
  }
  return undefined;
}

/** A person who is up for minutes no longer needs the dedicated watch; the incident stays until somebody looks at it. */
function releaseWhenUp(draft: Draft, incident: Incident): void {
  if (incident.released === true || incident.drill) return;
  const up = upForMs(draft, incident);
  if (up === undefined || !draft.reached(up, draft.policy.timings.up_before_return_seconds * 1000)) return;
  draft.edit(incident.incident_id, { released: true, note: 'the person is up; the room goes home' });
}
