import {
  alarmPlaceOf,
  type FramePlace,
  hasDrawnZones,
  type Incident,
  isLearnable,
  isLearnedAt,
  learnedFrom,
  maxLearnedThings,
  type OrchestratorCommand,
  withoutUndefined,
  type Zone,
} from '@vigilia/protocol';
import type { Answer } from './action.ts';
import type { Draft } from './draft.ts';
import { brief, nameOf, withAct } from './incident-acts.ts';

type LearnParams = Extract<OrchestratorCommand, { command: 'learn_thing' }>['params'];
type ForgetParams = Extract<OrchestratorCommand, { command: 'forget_thing' }>['params'];

/** Zones of one room. */
const mostZones = 64;

/**
 * Adds a zone `thing` to the room of a false alarm, where the alarm was raised. The same place again confirms the thing that is known
 * there, which remains what the first incident taught. A room needs zones that people drew: where its bed is not known, people in bed
 * are what is taken for a fall.
 */
export function learnThing(draft: Draft, incident: Incident, params: LearnParams): Answer {
  const { incident_id: id, source_id: sourceId } = incident;
  const room = draft.desired.get(sourceId);
  const place = alarmPlaceOf(incident);
  if (incident.verdict?.outcome !== 'false_alarm') {
    return refused(`Incident ${id} has no verdict false_alarm. Give that verdict first.`);
  }
  if (place === undefined) {
    return refused(`Incident ${id} does not state where in the frame the alarm was raised.`);
  }
  if (!isLearnable(place)) {
    return refused(
      `The place of incident ${id} is more than a quarter of the frame, which is too large for one thing.`,
    );
  }
  const { zones = [] } = room ?? {};
  if (room === undefined || !hasDrawnZones(zones)) {
    return refused(`The zones of room ${sourceId} were never drawn. Draw them first; then things can be learned.`);
  }
  const known = zones.find((zone) => isLearnedAt(zone, place));
  const others = zones.filter((zone) => zone !== known && zone.learned?.incident_id !== id);
  const learned = others.filter((zone) => zone.learned !== undefined);
  if (known === undefined && (learned.length >= maxLearnedThings || others.length >= mostZones)) {
    const message = `Room ${sourceId} has ${learned.length} learned things and ${others.length} zones already. Remove one in the zone editor.`;
    return refused(message);
  }
  const thing = known === undefined ? newThing(draft, incident, place, params) : confirmed(draft, known);
  draft.setDesired(sourceId, { ...room, zones: [...others, thing] });
  const edited = draft.edit(id, { by: withAct(draft, incident, params, 'learn_thing') });
  return { ok: true, message: `Room ${sourceId} has learned the thing.`, result: brief(edited) };
}

function newThing({ nowIso }: Draft, incident: Incident, place: FramePlace, params: LearnParams): Zone {
  const name = params.name?.trim() ?? '';
  return withoutUndefined({
    kind: 'thing',
    points: cornersOf(place),
    name: name === '' ? undefined : name,
    learned: { incident_id: incident.incident_id, by: nameOf(params), at: nowIso },
  });
}

const confirmed = ({ nowIso }: Draft, known: Zone): Zone =>
  known.learned === undefined ? known : { ...known, learned: { ...known.learned, at: nowIso } };

/** Removes what was learned from an incident, or confirmed by it. */
export function forgetThing(draft: Draft, incident: Incident, params: ForgetParams): Answer {
  const { incident_id: id, source_id: sourceId } = incident;
  const room = draft.desired.get(sourceId);
  const thing = learnedFrom(room?.zones, incident);
  if (room === undefined || thing === undefined) {
    return refused(`Room ${sourceId} has learned nothing from incident ${id}.`);
  }
  draft.setDesired(sourceId, { ...room, zones: room.zones?.filter((zone) => zone !== thing) });
  const edited = draft.edit(id, { by: withAct(draft, incident, params, 'forget_thing') });
  return { ok: true, message: `Room ${sourceId} has forgotten the thing.`, result: brief(edited) };
}

const cornersOf = ({ x1, y1, x2, y2 }: FramePlace): Zone['points'] => [
  [x1, y1],
  [x2, y1],
  [x2, y2],
  [x1, y2],
];

const refused = (message: string): Answer => ({ ok: false, code: 'invalid_params', field: 'incident_id', message });
