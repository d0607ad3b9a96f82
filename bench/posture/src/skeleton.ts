import type { Random } from './random.ts';
import { type Axes, add, cross, inRoom, pitched, rolled, turnedAxes, unit, type Vector, yawed } from './vector.ts';

/** One arm: lift forward, lift sideways and bend of the elbow, degrees. */
export type Arm = readonly [forward: number, sideways: number, elbow: number];

/** Angles of a body, degrees; pairs are left and right. */
export interface Pose {
  /** Axis of the pelvis upwards along the body, and where the body faces. */
  readonly up: Vector;
  readonly facing: Vector;
  /** Thigh lifted forward from the line of the body; knee bent backward. */
  readonly thighs: readonly [number, number];
  readonly knees: readonly [number, number];
  readonly arms: readonly [Arm, Arm];
  /** Torso bent forward and sideways against the pelvis. */
  readonly bend: number;
  readonly lean: number;
  /** Thighs spread outwards. */
  readonly spread: readonly [number, number];
}

/** Points of a body in standing heights, the middle of the hips at the origin: 17 joints in COCO order, both toes, top of the head. */
export interface Skeleton {
  readonly joints: readonly Vector[];
  readonly toes: readonly Vector[];
  readonly headTop: Vector;
}

/** Lengths as a share of the standing height, and how much people differ (Drillis & Contini 1966). */
const lengths = { thigh: 0.245, shin: 0.245, torso: 0.29, shoulder: 0.115, upperArm: 0.17, forearm: 0.15, hip: 0.058 };
const difference = 0.06;
const widthDifference = 0.08;

const sides = [1, -1] as const;

/** Builds a body of slightly random proportions in a pose. */
export function skeleton(pose: Pose, random: Random): Skeleton {
  const up = unit(pose.up);
  const left = unit(cross(up, pose.facing));
  const pelvis: Axes = [cross(left, up), left, up];
  const differ = (length: number, by = difference) => length * (1 + random.normal(0, by));
  const legs = { thigh: differ(lengths.thigh), shin: differ(lengths.shin), hip: differ(lengths.hip) };
  const upper = {
    torso: differ(lengths.torso),
    shoulder: differ(lengths.shoulder, widthDifference),
    upperArm: differ(lengths.upperArm),
    forearm: differ(lengths.forearm),
  };
  const [hips, knees, ankles, toes]: Vector[][] = [[], [], [], []];
  for (const [index, side] of sides.entries()) {
    const hip = inRoom(pelvis, [0, side * legs.hip, 0]);
    const turnThigh = (v: Vector) => rolled(pitched(v, -(pose.thighs[index] ?? 0)), side * (pose.spread[index] ?? 0));
    const thigh = turnedAxes(pelvis, turnThigh);
    const knee = add(hip, inRoom(thigh, [0, 0, -legs.thigh]));
    const shin = turnedAxes(thigh, (v) => pitched(v, pose.knees[index] ?? 0));
    const ankle = add(knee, inRoom(shin, [0, 0, -legs.shin]));
    hips?.push(hip);
    knees?.push(knee);
    ankles?.push(ankle);
    toes?.push(add(ankle, inRoom(shin, [0.09, 0, -0.04])));
  }
  const torso = turnedAxes(pelvis, (v) => pitched(rolled(v, pose.lean), pose.bend));
  const neck = inRoom(torso, [0, 0, upper.torso]);
  const [shoulders, elbows, wrists]: Vector[][] = [[], [], []];
  for (const [index, side] of sides.entries()) {
    const [forward, sideways, bend] = pose.arms[index] ?? [0, 0, 0];
    const shoulder = add(neck, inRoom(torso, [0, side * upper.shoulder, 0]));
    const arm = turnedAxes(torso, (v) => rolled(pitched(v, -forward), side * sideways));
    const elbow = add(shoulder, inRoom(arm, [0, 0, -upper.upperArm]));
    const lower = turnedAxes(arm, (v) => pitched(v, -bend));
    shoulders?.push(shoulder);
    elbows?.push(elbow);
    wrists?.push(add(elbow, inRoom(lower, [0, 0, -upper.forearm])));
  }
  const [nod, look] = [random.normal(8, 18), random.normal(0, 25)];
  const head = turnedAxes(torso, (v) => pitched(yawed(v, look), nod));
  const onHead = (at: Vector) => add(neck, inRoom(head, at));
  const face = [
    onHead([0.055, 0, 0.105]),
    ...sides.map((side) => onHead([0.045, side * 0.018, 0.125])),
    ...sides.map((side) => onHead([-0.01, side * 0.042, 0.115])),
  ];
  return {
    joints: [face, shoulders, elbows, wrists, hips, knees, ankles].flatMap((part) => part ?? []),
    toes: toes ?? [],
    headTop: onHead([0, 0, 0.19]),
  };
}
