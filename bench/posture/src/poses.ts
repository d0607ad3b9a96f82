import type { Random } from './random.ts';
import { type Arm, type Pose, type Skeleton, skeleton } from './skeleton.ts';
import { add, cross, dot, scaled, turned, unit, type Vector } from './vector.ts';

/** A body in a posture; `hipHeight`: height of the hips above the floor in standing heights, where something carries them. */
export interface PosedBody {
  readonly body: Skeleton;
  readonly hipHeight: number | undefined;
}

/** A kind of pose and how it is made. `towards`: the direction from the camera to the person, level. */
export type PoseKind = (random: Random, towards: Vector) => PosedBody;

const sky: Vector = [0, 0, 1];
const floorHip = 0.075;
const mattressHip = 0.33;

type Pair = readonly [number, number];
const both = (make: () => number): Pair => [make(), make()];
const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

function arms(random: Random, kind: 'hanging' | 'lap' | 'free'): readonly [Arm, Arm] {
  const one = (): Arm => {
    if (kind === 'hanging') return [random.normal(5, 15), random.uniform(3, 15), Math.abs(random.normal(15, 20))];
    if (kind === 'lap') return [random.normal(30, 15), random.uniform(3, 15), random.uniform(30, 100)];
    return [random.uniform(-20, 150), random.uniform(0, 80), random.uniform(0, 120)];
  };
  return [one(), one()];
}

/** A pelvis pitched forward and rolled, facing anywhere. */
function pelvis(random: Random, pitch: number, roll: number): Pick<Pose, 'up' | 'facing'> {
  const yaw = random.uniform(0, 2 * Math.PI);
  const facing: Vector = [Math.cos(yaw), Math.sin(yaw), 0];
  const side = cross(sky, facing);
  const turn = (v: Vector) => turned(turned(v, side, pitch), facing, roll);
  return { up: turn(sky), facing: turn(facing) };
}

const standing: PoseKind = (random) => {
  const pitch = random.normal(4, 6);
  const stride = random.normal(0, 14);
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 4)),
    thighs: [pitch + stride + random.normal(0, 5), pitch - stride + random.normal(0, 5)],
    knees: both(() => Math.abs(random.normal(8, 10))),
    arms: arms(
      random,
      random.pick([
        [0.6, 'hanging'],
        [0.25, 'lap'],
        [0.15, 'free'],
      ] as const),
    ),
    bend: random.normal(5, 8),
    lean: random.normal(0, 4),
    spread: [4, 4],
  };
  return { body: skeleton(pose, random), hipHeight: undefined };
};

const stooping: PoseKind = (random) => {
  const pitch = random.normal(4, 6);
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 4)),
    thighs: both(() => pitch + random.normal(0, 12) + random.uniform(0, 25)),
    knees: both(() => Math.abs(random.normal(8, 10)) + random.uniform(0, 30)),
    arms: arms(random, 'free'),
    bend: random.uniform(30, 95),
    lean: random.normal(0, 8),
    spread: [4, 4],
  };
  return { body: skeleton(pose, random), hipHeight: undefined };
};

/** Chair, armchair, wheelchair, edge of a bed; sometimes bent to the feet. */
const onChair: PoseKind = (random) => {
  const pitch = random.uniform(-28, 15);
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 6)),
    thighs: both(() => random.normal(84, 8) + pitch),
    knees: both(() => clamp(84 + random.normal(0, 16) - (random.chance(0.25) ? 40 : 0), 5, 125)),
    arms: arms(
      random,
      random.pick([
        [0.7, 'lap'],
        [0.2, 'free'],
        [0.1, 'hanging'],
      ] as const),
    ),
    bend: random.chance(0.85) ? random.normal(8, 10) : random.uniform(30, 75),
    lean: random.normal(0, 9),
    spread: both(() => random.uniform(0, 18)),
  };
  return { body: skeleton(pose, random), hipHeight: random.normal(0.29, 0.03) };
};

/** Legs up or folded on a bed or sofa. */
const onBed: PoseKind = (random) => {
  const pitch = random.uniform(-30, 15);
  const folded = random.chance(0.5);
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 6)),
    thighs: both(() => random.uniform(70, 115) + pitch),
    knees: both(() => (folded ? random.uniform(100, 140) : random.uniform(0, 70))),
    arms: arms(random, 'lap'),
    bend: random.normal(10, 10),
    lean: random.normal(0, 8),
    spread: folded ? both(() => random.uniform(10, 60)) : [5, 5],
  };
  return { body: skeleton(pose, random), hipHeight: random.normal(mattressHip, 0.03) };
};

/** On one or two knees, sometimes leaning on a chair or over a person. */
const kneeling: PoseKind = (random) => {
  const pitch = random.uniform(0, 25);
  const lift = random.uniform(-5, 40);
  const other = random.chance(0.5) ? 90 : lift;
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 5)),
    thighs: [pitch + lift, pitch + other],
    knees: [random.uniform(85, 95) + lift * 0.9, other === 90 ? 95 : 90 + lift * 0.9],
    arms: arms(random, random.chance(0.5) ? 'lap' : 'free'),
    bend: random.uniform(0, 60),
    lean: random.normal(0, 8),
    spread: both(() => random.uniform(0, 20)),
  };
  return { body: skeleton(pose, random), hipHeight: undefined };
};

const squatting: PoseKind = (random) => {
  const pitch = random.uniform(5, 35);
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 5)),
    thighs: both(() => pitch + random.uniform(85, 115)),
    knees: both(() => random.uniform(110, 140)),
    arms: arms(random, 'free'),
    bend: random.uniform(5, 35),
    lean: random.normal(0, 6),
    spread: [15, 15],
  };
  return { body: skeleton(pose, random), hipHeight: undefined };
};

/** Upright torso, legs stretched or knees up. */
const onFloor: PoseKind = (random) => {
  const pitch = random.uniform(-28, 10);
  const stretched = random.chance(0.5);
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 8)),
    thighs: both(() => pitch + (stretched ? random.uniform(80, 95) : random.uniform(95, 135))),
    knees: both(() => (stretched ? random.uniform(0, 25) : random.uniform(60, 130))),
    arms: arms(random, random.chance(0.5) ? 'lap' : 'free'),
    bend: random.normal(8, 12),
    lean: random.normal(0, 10),
    spread: both(() => random.uniform(0, 35)),
  };
  return { body: skeleton(pose, random), hipHeight: floorHip };
};

/** Both legs folded to one side. */
const legsBeside: PoseKind = (random) => {
  const pitch = random.uniform(-20, 15);
  const side = random.chance(0.5) ? 1 : -1;
  const pose: Pose = {
    ...pelvis(random, pitch, random.normal(0, 12)),
    thighs: both(() => pitch + random.uniform(60, 100)),
    knees: both(() => random.uniform(80, 135)),
    arms: arms(random, 'free'),
    bend: random.normal(10, 14),
    lean: random.normal(0, 14),
    spread: [side * random.uniform(30, 75), -side * random.uniform(30, 75)],
  };
  return { body: skeleton(pose, random), hipHeight: floorHip };
};

/** A body whose long axis is level and points `axis`, rolled about it: 0 = on the back, 180 = on the face. */
function level(axis: Vector, raised: number, roll: number): Pick<Pose, 'up' | 'facing'> {
  const up = turned(axis, cross(sky, axis), -raised);
  const facing = turned(sky, up, roll);
  return { up, facing: add(facing, scaled(up, -dot(facing, up))) };
}

/** Any direction on the floor, or along the viewing axis with head or feet to the camera. */
function direction(random: Random, towards: Vector): Vector {
  const yaw = random.uniform(0, 2 * Math.PI);
  if (!random.chance(0.3)) return [Math.cos(yaw), Math.sin(yaw), 0];
  return turned(random.chance(0.4) ? scaled(towards, -1) : towards, sky, random.normal(0, 15));
}

const anyRoll = (random: Random): number =>
  random.pick([
    [0.4, 0],
    [0.2, 180],
    [0.2, 90],
    [0.2, -90],
  ] as const) + random.normal(0, 18);

/** Straight or bent legs. */
const lyingStretched: PoseKind = (random, towards) => {
  const bent = random.chance(0.45);
  const pose: Pose = {
    ...level(direction(random, towards), random.normal(0, 11), anyRoll(random)),
    thighs: both(() => clamp(bent ? random.normal(45, 25) : random.normal(8, 14), -10, 130)),
    knees: both(() => clamp(bent ? random.normal(55, 28) : random.normal(10, 14), 0, 140)),
    arms: arms(random, 'free'),
    bend: random.normal(4, 15),
    lean: random.normal(0, 20),
    spread: both(() => random.uniform(0, 25)),
  };
  return { body: skeleton(pose, random), hipHeight: random.chance(0.12) ? mattressHip : floorHip };
};

/** Knees to the chest. */
const lyingCurled: PoseKind = (random, towards) => {
  const pose: Pose = {
    ...level(
      direction(random, towards),
      random.normal(0, 11),
      random.pick([
        [0.4, 90],
        [0.4, -90],
        [0.2, 180],
      ] as const) + random.normal(0, 22),
    ),
    thighs: both(() => clamp(random.normal(98, 18), 40, 135)),
    knees: both(() => clamp(random.normal(102, 18), 40, 140)),
    arms: arms(random, 'free'),
    bend: random.uniform(10, 55),
    lean: random.normal(0, 20),
    spread: both(() => random.uniform(0, 25)),
  };
  return { body: skeleton(pose, random), hipHeight: floorHip };
};

/** Lower body on the floor, the back propped against a bed, a wall or an elbow, more than 30° from upright. */
const lyingPropped: PoseKind = (random, towards) => {
  const pose: Pose = {
    ...level(
      direction(random, towards),
      0,
      random.pick([
        [0.6, 0],
        [0.2, 60],
        [0.2, -60],
      ] as const) + random.normal(0, 12),
    ),
    thighs: both(() => clamp(random.normal(10, 18), -10, 100)),
    knees: both(() => clamp(random.normal(18, 25), 0, 120)),
    arms: arms(random, 'free'),
    bend: random.uniform(20, 60),
    lean: random.normal(0, 20),
    spread: both(() => random.uniform(0, 25)),
  };
  return { body: skeleton(pose, random), hipHeight: floorHip };
};

/** The kinds of each class with their share of the class, in the order of `postureClasses`. */
export const poseKinds: readonly (readonly (readonly [share: number, kind: PoseKind])[])[] = [
  [
    [0.9, standing],
    [0.1, stooping],
  ],
  [
    [0.6, onChair],
    [0.12, onBed],
    [0.18, kneeling],
    [0.1, squatting],
  ],
  [
    [0.75, onFloor],
    [0.25, legsBeside],
  ],
  [
    [0.55, lyingStretched],
    [0.25, lyingCurled],
    [0.2, lyingPropped],
  ],
];

/** Sets a body on the floor (or at the height of its hips) and scales it to metres. */
export function placeBody({ body, hipHeight }: PosedBody, heightM: number, at: Vector): Skeleton {
  const lift = hipHeight ?? standOnFloor(body);
  const place = (point: Vector): Vector => {
    const raised = add(point, [0, 0, lift]);
    const above = hipHeight === floorHip ? ([raised[0], raised[1], Math.max(0.02, raised[2])] as const) : raised;
    return add(scaled(above, heightM), at);
  };
  return { joints: body.joints.map(place), toes: body.toes.map(place), headTop: place(body.headTop) };
}

/** Thickness of ankle, knee and hip under the joint, standing heights. */
const soles: readonly (readonly [joints: readonly number[], thickness: number])[] = [
  [[15, 16], 0.04],
  [[13, 14], 0.03],
  [[11, 12], 0.06],
];

function standOnFloor({ joints }: Skeleton): number {
  const lowest = soles.flatMap(([numbers, thickness]) =>
    numbers.map((number) => (joints[number]?.[2] ?? 0) - thickness),
  );
  return -Math.min(...lowest);
}

export const levelDirection = ([x, y]: Vector): Vector => unit([x, y, 0]);
