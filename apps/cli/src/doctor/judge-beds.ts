import type { Finding } from '@vigilia/protocol';
import { type Detection, insidePolygon } from '@vigilia/vision';
import type { PeopleFound, RoomToCheck, RotationResult } from './room-survey.ts';

/** The name of a bed among COCO's classes. */
const bedClass = 'bed';
const bedConfidence = 0.35;

/**
 * Returns a finding for a bed that lies in no zone: a person in it would be taken for fallen. Many models do not know beds, so a room
 * whose zones were never set has the same finding. Pure.
 */
export function judgeBeds(check: string, room: RoomToCheck, people: PeopleFound | undefined): Finding | undefined {
  const bed = bedOutsideZones(room, people);
  if (bed !== undefined) {
    const { view, detection } = bed;
    const corners = cornersOf(detection, view.displayed);
    const detail = 'a bed is visible and has no zone: people who lie in it count as fallen';
    const remedy = `Draw the bed in the console (room, "Zones"), or: vigilia zones set ${room.sourceId} --zone "bed:${corners}" together with the zones that the room has.`;
    return { check, result: 'warning', code: 'bed_zone_missing', detail, remedy };
  }
  if (!room.settingsKnown || room.zones !== undefined) return undefined;
  const detail = 'zones were never set: people who lie in a bed or on a sofa are taken for fallen';
  const remedy = `Draw the bed in the console (room, "Zones"), or: vigilia zones set ${room.sourceId} --zone "bed:0.1,0.2 0.4,0.2 0.4,0.6 0.1,0.6". For a room without a bed confirm that there is none: vigilia zones remove ${room.sourceId}.`;
  return { check, result: 'warning', code: 'bed_zone_missing', detail, remedy };
}

function bedOutsideZones(
  { zones = [] }: RoomToCheck,
  people: PeopleFound | undefined,
): { readonly view: RotationResult; readonly detection: Detection } | undefined {
  const beds = zones.filter(({ kind }) => kind === 'bed' || kind === 'sofa');
  for (const view of people?.rotationResults ?? []) {
    if (view.rotate !== 0) continue;
    const detection = view.detections.find(
      (one) => one.className === bedClass && one.confidence >= bedConfidence && !isMarked(one, view, beds),
    );
    if (detection !== undefined) return { view, detection };
  }
  return undefined;
}

/** The middle of the bed lies in a zone, or the middle of a zone in the bed's box. */
function isMarked(
  { box }: Detection,
  { displayed }: RotationResult,
  zones: NonNullable<RoomToCheck['zones']>,
): boolean {
  const [x, y] = [(box.x1 + box.x2) / 2 / displayed.width, (box.y1 + box.y2) / 2 / displayed.height];
  return zones.some(({ points }) => {
    const middle = (axis: 0 | 1): number => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
    const [zoneX, zoneY] = [middle(0) * displayed.width, middle(1) * displayed.height];
    const zoneInBed = zoneX >= box.x1 && zoneX <= box.x2 && zoneY >= box.y1 && zoneY <= box.y2;
    return zoneInBed || insidePolygon(x, y, points);
  });
}

function cornersOf({ box }: Detection, { width, height }: RotationResult['displayed']): string {
  const share = (value: number, whole: number): string => Math.max(0, Math.min(1, value / whole)).toFixed(2);
  const [left, right] = [share(box.x1, width), share(box.x2, width)];
  const [top, bottom] = [share(box.y1, height), share(box.y2, height)];
  return `${left},${top} ${right},${top} ${right},${bottom} ${left},${bottom}`;
}
