import type { FramePlace } from './fields.ts';
import type { Incident } from './incidents.ts';
import type { Zone } from './zones.ts';

/** Share of the frame: a larger place is not a single thing, and to quieten it would quieten the room. */
const mostOfFrame = 0.25;
/** From this overlap on (intersection over union) two learned places are one thing. */
const sameThingOverlap = 0.5;

/** Returns where the last alarm of the incident was raised, inside the frame; undefined where no camera stated it. */
export function alarmPlaceOf({ falls = [] }: Pick<Incident, 'falls'>): FramePlace | undefined {
  const place = falls.findLast((fall) => fall.place !== undefined)?.place;
  if (place === undefined) return undefined;
  const inside = (share: number): number => Math.min(1, Math.max(0, share));
  const clipped = { x1: inside(place.x1), y1: inside(place.y1), x2: inside(place.x2), y2: inside(place.y2) };
  return areaOf(clipped) > 0 ? clipped : undefined;
}

/** Returns whether a place is small enough to be one thing. */
export const isLearnable = (place: FramePlace): boolean => areaOf(place) <= mostOfFrame;

/** Returns whether people drew zones in a room. Where its bed is not known, people in bed are what is taken for a fall. */
export const hasDrawnZones = (zones: readonly Zone[] | undefined): boolean =>
  zones?.some(({ learned }) => learned === undefined) === true;

/** Returns whether a zone is a learned thing at this place. */
export function isLearnedAt({ learned, points }: Zone, place: FramePlace): boolean {
  if (learned === undefined) return false;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const known = { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
  return overlap(known, place) > sameThingOverlap;
}

/** Returns the thing that a room learned from an incident, or that was confirmed at its place after its verdict. */
export function learnedFrom(
  zones: readonly Zone[] | undefined,
  incident: Pick<Incident, 'incident_id' | 'falls' | 'verdict'>,
): Zone | undefined {
  const { incident_id: id, verdict } = incident;
  const place = alarmPlaceOf(incident);
  const isConfirmed = (zone: Zone): boolean =>
    place !== undefined &&
    verdict !== undefined &&
    zone.learned !== undefined &&
    Date.parse(zone.learned.at) >= Date.parse(verdict.at) &&
    isLearnedAt(zone, place);
  return zones?.find(({ learned }) => learned?.incident_id === id) ?? zones?.find(isConfirmed);
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
