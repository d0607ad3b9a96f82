import {
  type FramePlace,
  type Incident,
  maxLearnedThings,
  type OrchestratorCommand,
  type Zone,
} from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft } from './draft.ts';
import { dropLearned } from './drop-learned.ts';
import { brief, nameOf, withAct } from './incident-acts.ts';

type LearnParams = Extract<OrchestratorCommand, { command: 'learn_thing' }>['params'];
type ForgetParams = Extract<OrchestratorCommand, { command: 'forget_thing' }>['params'];

/** Zones of one room. */
const mostZones = 64;

/**
 * Adds a zone `thing` to the room of a false alarm, where the alarm was raised. The same place again confirms the thing that is known
 * there. A room needs zones that people drew: where its bed is not known, people in bed are what is taken for a fall.
 */
export function learnThing(draft: Draft, incident: Incident, params: LearnParams): Answer {
  const { incident_id: id, source_id: sourceId } = incident;
  const room = draft.desired.get(sourceId);
  const place = placeOf(incident);
  if (incident.verdict?.outcome !== 'false_alarm') {
    return refused(`Incident ${id} has no verdict false_alarm. Give that verdict first.`);
  }
  if (place === undefined) {
    return refused(`Incident ${id} does not state where in the frame the alarm was raised.`);
  }
  if (room?.zones === undefined) {
    return refused(`The zones of room ${sourceId} were never drawn. Draw them first; then things can be learned.`);
  }
  const others = room.zones.filter((zone) => !isSameThing(zone, id, place));
  const learned = others.filter((zone) => zone.learned !== undefined);
  if (learned.length >= maxLearnedThings || others.length >= mostZones) {
    const message = `Room ${sourceId} has ${learned.length} learned things and ${others.length} zones already. Remove one in the zone editor.`;
    return refused(message);
  }
  const thing: Zone = {
    kind: 'thing',
    points: cornersOf(place),
    learned: { incident_id: id, by: nameOf(params), at: draft.nowIso },
  };
  const name = params.name?.trim() ?? '';
  if (name !== '') {
    thing.name = name;
  }
  draft.setDesired(sourceId, { ...room, zones: [...others, thing] });
  const edited = draft.edit(id, { by: withAct(draft, incident, params, 'learn_thing') });
  return { ok: true, message: `Room ${sourceId} has learned the thing.`, result: brief(edited) };
}

/** Removes what was learned from an incident. */
export function forgetThing(draft: Draft, incident: Incident, params: ForgetParams): Answer {
  const { incident_id: id, source_id: sourceId } = incident;
  if (!dropLearned(draft, incident)) return refused(`Room ${sourceId} has learned nothing from incident ${id}.`);
  const edited = draft.edit(id, { by: withAct(draft, incident, params, 'forget_thing') });
  return { ok: true, message: `Room ${sourceId} has forgotten the thing.`, result: brief(edited) };
}

/** Where the last alarm of the incident was raised, inside the frame; undefined where no camera stated it. */
function placeOf({ falls = [] }: Incident): FramePlace | undefined {
  const place = falls.findLast((fall) => fall.place !== undefined)?.place;
  if (place === undefined) return undefined;
  const inside = (share: number): number => Math.min(1, Math.max(0, share));
  const clipped = { x1: inside(place.x1), y1: inside(place.y1), x2: inside(place.x2), y2: inside(place.y2) };
  return areaOf(clipped) > 0 ? clipped : undefined;
}

/** From this overlap on (intersection over union) two learned places are one thing. */
const sameThingOverlap = 0.5;

function isSameThing({ learned, points }: Zone, incidentId: string, place: FramePlace): boolean {
  if (learned === undefined) return false;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const known = { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
  return learned.incident_id === incidentId || overlap(known, place) > sameThingOverlap;
}

function overlap(a: FramePlace, b: FramePlace): number {
  const shared = areaOf({
    x1: Math.max(a.x1, b.x1),
    y1: Math.max(a.y1, b.y1),
    x2: Math.min(a.x2, b.x2),
    y2: Math.min(a.y2, b.y2),
  });
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}

const areaOf = ({ x1, y1, x2, y2 }: FramePlace): number => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);

const cornersOf = ({ x1, y1, x2, y2 }: FramePlace): Zone['points'] => [
  [x1, y1],
  [x2, y1],
  [x2, y2],
  [x1, y2],
];

const refused = (message: string): Answer => ({ ok: false, code: 'invalid_params', field: 'incident_id', message });
