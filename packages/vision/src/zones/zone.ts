import type { Box } from '../detection/detection.ts';
import type { Point } from './polygon.ts';

/**
 * A part of the frame with a meaning. `bed`, `sofa`: lying there is no fall. `floor_mat`: floor, also beside a bed.
 * `exit`: people leave here. `ignore`: nothing is looked at.
 * `thing`: furniture that was taken for a person.
 */
export interface Zone {
  readonly kind: 'bed' | 'sofa' | 'floor_mat' | 'exit' | 'ignore' | 'thing';
  /** Polygon in 0..1 of the camera's image. */
  readonly points: readonly (readonly [number, number])[];
}

/** The zones of a room in image heights, the unit of everything in this folder's callers. */
export interface FrameZones {
  /** False where zones were never configured; an empty list was configured. */
  readonly configured: boolean;
  readonly beds: readonly (readonly Point[])[];
  readonly floors: readonly (readonly Point[])[];
  readonly exits: readonly (readonly Point[])[];
  readonly ignored: readonly (readonly Point[])[];
  /** Boxes of things that people taught the room. */
  readonly things: readonly Box[];
  /** Width of the image in image heights. */
  readonly aspect: number;
}

/** Brings zones from 0..1 into image heights, so that lengths are the same along and across. */
export function frameZones(zones: readonly Zone[] | undefined, aspect: number): FrameZones {
  const of = (...kinds: Zone['kind'][]) =>
    (zones ?? [])
      .filter((zone) => kinds.includes(zone.kind))
      .map((zone) => zone.points.map(([x, y]): Point => [x * aspect, y]));
  return {
    configured: zones !== undefined,
    beds: of('bed', 'sofa'),
    floors: of('floor_mat'),
    exits: of('exit'),
    ignored: of('ignore'),
    things: of('thing').map(boundingBox),
    aspect,
  };
}

function boundingBox(points: readonly Point[]): Box {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs), y2: Math.max(...ys) };
}
