import type { House } from '@vigilia/house';
import { acknowledgmentOf, type Incident, onFloorSince } from '@vigilia/protocol';

/** What a room's event entity may show. */
export const roomEventTypes = [
  'fall',
  'acknowledged',
  'person_up',
  'closed',
  'drill_started',
  'drill_ended',
  'confirmation_required',
] as const;
type RoomEventType = (typeof roomEventTypes)[number];

export interface RoomEvent {
  readonly sourceId: number;
  readonly payload: { readonly event_type: RoomEventType; readonly [attribute: string]: unknown };
}

/** Returns what has happened in the rooms between two views of the site, for their event entities; pure. */
export function roomEvents(before: House, after: House): readonly RoomEvent[] {
  return [...after.incidents.values()].flatMap((incident) => {
    const types = changesOf(before.incidents.get(incident.incident_id), incident);
    return types.map((event_type) => ({
      sourceId: incident.source_id,
      payload: {
        event_type,
        incident_id: incident.incident_id,
        drill: incident.drill,
        since: incident.drill ? incident.opened_at : onFloorSince(incident),
        by: whoOf(event_type, incident),
        outcome: incident.outcome ?? null,
      },
    }));
  });
}

function changesOf(before: Incident | undefined, after: Incident): RoomEventType[] {
  const types: RoomEventType[] = [];
  const isOver = ({ state }: Incident): boolean => state === 'closed' || state === 'closing';
  if (before === undefined && isOver(after)) return [];
  if (after.drill && before === undefined) {
    types.push('drill_started');
  }
  const falls = (one: Incident | undefined): string | undefined => one?.falls?.at(-1)?.event_id;
  if (!after.drill && (before === undefined || falls(before) !== falls(after))) {
    types.push('fall');
  }
  if (isNew(acknowledgmentOf(after)?.at, before === undefined ? undefined : acknowledgmentOf(before)?.at)) {
    types.push('acknowledged');
  }
  if (isNew(after.recovered_at, before?.recovered_at)) {
    types.push('person_up');
  }
  if (isOver(after) && before !== undefined && !isOver(before)) {
    types.push(after.drill ? 'drill_ended' : 'closed');
  }
  return types;
}

function isNew(after: string | undefined, before: string | undefined): boolean {
  return after !== undefined && after !== before;
}

function whoOf(type: RoomEventType, incident: Incident): string | null {
  if (type === 'acknowledged') return acknowledgmentOf(incident)?.by ?? null;
  return type === 'closed' || type === 'drill_ended' ? (incident.verdict?.by ?? null) : null;
}
