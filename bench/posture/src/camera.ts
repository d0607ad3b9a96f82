import type { Random } from './random.ts';
import type { Vector } from './vector.ts';

/** A camera on a wall at x = 0, y = 0 that looks along y and down. */
export interface Camera {
  readonly width: number;
  readonly height: number;
  /** Height above the floor, m. */
  readonly heightM: number;
  /** Focal length, px. */
  readonly focalPx: number;
  /** Tilt downwards and about the viewing axis, radians. */
  readonly tilt: number;
  readonly roll: number;
}

const degrees = Math.PI / 180;
const nearestM = 0.15;

/** Returns a camera as rooms have them: on a shelf or near the ceiling, 52–95° wide, aimed at people. */
export function randomCamera(random: Random): Camera {
  const [width, height] = random.chance(0.5) ? [640, 480] : [640, 360];
  const heightM = random.chance(0.3) ? random.uniform(0.9, 1.6) : random.uniform(1.6, 3);
  const aimedAtM = random.uniform(2.2, 5);
  const tilt = Math.atan2(heightM - random.uniform(0.3, 1.1), aimedAtM) + random.normal(0, 4 * degrees);
  const roll = random.normal(0, (random.chance(0.15) ? 9 : 3) * degrees);
  const focalPx = width / 2 / Math.tan(random.uniform(26, 47.5) * degrees);
  return { width, height, heightM, focalPx, tilt, roll };
}

/** Returns where a point of the room appears, px (pinhole camera). */
export function project(camera: Camera, [x, y, z]: Vector): { x: number; y: number } {
  const [c, s] = [Math.cos(camera.tilt), Math.sin(camera.tilt)];
  const above = z - camera.heightM;
  const depth = Math.max(nearestM, y * c - above * s);
  const [u, v] = [(camera.focalPx * x) / depth, (-camera.focalPx * (y * s + above * c)) / depth];
  const [cr, sr] = [Math.cos(camera.roll), Math.sin(camera.roll)];
  return { x: camera.width / 2 + u * cr - v * sr, y: camera.height / 2 + u * sr + v * cr };
}

/** Returns the point of the floor that appears at a pixel; undefined above the horizon. */
export function floorAt(camera: Camera, at: { readonly x: number; readonly y: number }): Vector | undefined {
  const [u, v] = [at.x - camera.width / 2, at.y - camera.height / 2];
  const [cr, sr] = [Math.cos(camera.roll), Math.sin(camera.roll)];
  const [right, down] = [(u * cr + v * sr) / camera.focalPx, (v * cr - u * sr) / camera.focalPx];
  const [c, s] = [Math.cos(camera.tilt), Math.sin(camera.tilt)];
  const ray: Vector = [right, c - down * s, -(s + down * c)];
  if (ray[2] > -0.02) return undefined;
  const length = camera.heightM / -ray[2];
  return [ray[0] * length, ray[1] * length, 0];
}
