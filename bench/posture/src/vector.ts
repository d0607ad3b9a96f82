/** A point or direction in the room, metres: x to the right of the camera, y away from it, z up. */
export type Vector = readonly [x: number, y: number, z: number];
/** Three columns: the axes of a body part in the room. */
export type Axes = readonly [forward: Vector, left: Vector, up: Vector];

const radians = Math.PI / 180;

export const add = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
export const scaled = (a: Vector, k: number): Vector => [a[0] * k, a[1] * k, a[2] * k];
export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
export const unit = (a: Vector): Vector => scaled(a, 1 / Math.hypot(...a));

/** Turns a vector about an axis by degrees (Rodrigues). */
export function turned(v: Vector, axis: Vector, degrees: number): Vector {
  const [c, s] = [Math.cos(degrees * radians), Math.sin(degrees * radians)];
  const along = scaled(axis, dot(axis, v) * (1 - c));
  return add(add(scaled(v, c), scaled(cross(axis, v), s)), along);
}

/** Returns a local vector (forward, left, up) as a vector in the room. */
export const inRoom = ([forward, left, up]: Axes, [f, l, u]: Vector): Vector =>
  add(add(scaled(forward, f), scaled(left, l)), scaled(up, u));

/** Returns the axes after a turn in their own frame. */
export const turnedAxes = (axes: Axes, turn: (v: Vector) => Vector): Axes => [
  inRoom(axes, turn([1, 0, 0])),
  inRoom(axes, turn([0, 1, 0])),
  inRoom(axes, turn([0, 0, 1])),
];

export const pitched = (v: Vector, degrees: number): Vector => turned(v, [0, 1, 0], degrees);
export const rolled = (v: Vector, degrees: number): Vector => turned(v, [1, 0, 0], degrees);
export const yawed = (v: Vector, degrees: number): Vector => turned(v, [0, 0, 1], degrees);
