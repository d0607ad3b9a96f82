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
      releaseWhenUnneeded(draft, incident);
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
  if (!draft.desired.has(incident.source_id)) return 'the room is no longer monitored';
  if (incident.drill) return reasonToEndDrill(draft, incident);
  if (incident.acknowledged_at === undefined) return undefined;
  const up = upForMs(draft, incident);
  const limitMs = draft.policy.timings.up_before_close_seconds * 1000;
  return up !== undefined && draft.reached(up, limitMs) ? 'acknowledged, and the person is up' : undefined;
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

/**
 * A person who is up for minutes no longer needs the dedicated watch, nor does a room in which no person has been seen down for long
 * after the acknowledgment. The incident stays until a person has been there: its alarm must not end by time alone.
 */
function releaseWhenUnneeded(draft: Draft, found: Incident): void {
  const incident = draft.incident(found.incident_id) ?? found;
  if (incident.released === true || incident.drill) return;
  const { up_before_return_seconds: upS, max_duration_seconds: longestS } = draft.policy.timings;
  const up = upForMs(draft, incident);
  if (up !== undefined && draft.reached(up, upS * 1000)) {
    draft.edit(incident.incident_id, { released: true, note: 'the person is up; the room goes home' });
    return;
  }
  if (incident.acknowledged_at === undefined || incident.person === 'down') return;
  if (!draft.reached(draft.ageMs(incident, incident.acknowledged_at), longestS * 1000)) return;
  const note = 'no person has been seen down for long; the room goes home';
  draft.edit(incident.incident_id, { released: true, note });
}
