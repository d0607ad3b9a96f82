import { type Box, clipBox, type Keypoint, postureFeatures, withStandingHeight } from '@vigilia/vision';
import { type Camera, floorAt, project, randomCamera } from './camera.ts';
import { levelDirection, placeBody, poseKinds } from './poses.ts';
import type { Random } from './random.ts';
import type { Skeleton } from './skeleton.ts';
import type { Vector } from './vector.ts';

/** One simulated person as a detector shows it: class (place in `postureClasses`) and features. */
export interface Sample {
  readonly posture: number;
  readonly values: readonly number[];
  /** The same with the standing height at the foot of the box; undefined where the frame cuts the feet off. */
  readonly valuesWithHeight: readonly number[] | undefined;
}

/** Share of each class among the samples, in the order of `postureClasses`. */
const classShares = [0.27, 0.3, 0.1, 0.33] as const;

/** A body is used when at least this share of its box is in the frame; some cameras stand so close that less is. */
const leastVisible = 0.5;
const leastVisibleClose = 0.25;
const leastHeightPx = 18;

/** Returns the given number of simulated people. */
export function drawSamples(count: number, random: Random): Sample[] {
  const samples: Sample[] = [];
  while (samples.length < count) {
    const sample = drawSample(random);
    if (sample) {
      samples.push(sample);
    }
  }
  return samples;
}

function drawSample(random: Random): Sample | undefined {
  const posture = random.pick(classShares.map((share, index) => [share, index] as const));
  const kind = random.pick(poseKinds[posture] ?? []);
  const camera = randomCamera(random);
  const close = random.chance(0.12);
  const away = close ? random.uniform(0.8, 2) : random.uniform(1.2, 6.5);
  const at: Vector = [random.uniform(-0.6, 0.6) * away, away, 0];
  const heightM = random.normal(1.66, 0.09);
  const body = placeBody(kind(random, levelDirection(at)), heightM, at);
  const seen = look(body, camera, (0.05 * heightM * camera.focalPx) / away);
  if (!seen || seen.visible < (close ? leastVisibleClose : leastVisible)) return undefined;
  const { box, joints } = asDetected(seen, posture, camera, random);
  if (box.y2 - box.y1 < 10 || box.x2 - box.x1 < 6) return undefined;
  const features = postureFeatures(box, joints, camera);
  const standing = standingHeightPx(box, camera, random);
  return {
    posture,
    values: features.values,
    valuesWithHeight: standing === undefined ? undefined : withStandingHeight(features, standing),
  };
}

/** People differ by 6 %, and so does what a room has learned of them; boxes are a little taller than people. */
const meanHeightM = 1.66;
const boxOfHeight = 1.05;
const learnedError = 0.08;
const edgePx = 4;
const leastDistanceM = 0.5;

/** Height of a standing person at the foot of a box as a room would have learned it, px. */
function standingHeightPx(box: Box, camera: Camera, random: Random): number | undefined {
  if (box.y2 > camera.height - edgePx) return undefined;
  const foot = floorAt(camera, { x: (box.x1 + box.x2) / 2, y: box.y2 });
  if (foot === undefined || foot[1] < leastDistanceM) return undefined;
  const [below, above] = [project(camera, foot), project(camera, [foot[0], foot[1], meanHeightM])];
  return (below.y - above.y) * boxOfHeight * (1 + random.normal(0, learnedError));
}

interface Seen {
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly box: Box;
  /** Share of the whole box that is in the frame. */
  readonly visible: number;
}

/** @param thickness of the flesh round the joints, px */
function look(body: Skeleton, camera: Camera, thickness: number): Seen | undefined {
  const points = body.joints.map((joint) => project(camera, joint));
  const all = [...points, ...body.toes.map((toe) => project(camera, toe)), project(camera, body.headTop)];
  const [xs, ys] = [all.map(({ x }) => x), all.map(({ y }) => y)];
  const margin = thickness * 0.8;
  const whole = {
    x1: Math.min(...xs) - margin,
    y1: Math.min(...ys) - margin,
    x2: Math.max(...xs) + margin,
    y2: Math.max(...ys) + margin,
  };
  const box = clipBox(whole, camera.width, camera.height);
  if (box.y2 - box.y1 < leastHeightPx) return undefined;
  const area = ({ x1, y1, x2, y2 }: Box) => Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
  return { points, box, visible: area(box) / area(whole) };
}

const lying = 3;

/** What a pose model makes of it: guessed joints outside the frame, legs behind furniture, noise in proportion to the body. */
function asDetected(seen: Seen, posture: number, camera: Camera, random: Random): { box: Box; joints: Keypoint[] } {
  const typical = posture === lying ? random.uniform(0.2, 0.8) : random.uniform(0.35, 0.9);
  const visibility = seen.points.map(({ x, y }) => {
    const inside = x > 0 && x < camera.width && y > 0 && y < camera.height;
    return inside ? Math.min(0.97, Math.max(0.03, typical + random.normal(0, 0.1))) : random.uniform(0.02, 0.2);
  });
  let { box } = seen;
  if (random.chance(0.15)) {
    const hidden = random.chance(0.5) ? [13, 14, 15, 16] : [15, 16];
    for (const joint of hidden) {
      visibility[joint] = random.uniform(0.03, 0.25);
    }
    const [first = 0, second = 0] = hidden.map((joint) => seen.points[joint]?.y ?? 0);
    const edge = (first + second) / 2;
    if (posture < 2 && random.chance(0.7) && edge > box.y1 + 20) {
      box = { ...box, y2: Math.min(box.y2, edge) };
    }
  }
  if (random.chance(0.12)) {
    for (let count = Math.floor(random.uniform(2, 7)); count > 0; count--) {
      visibility[Math.floor(random.uniform(0, 17))] = random.uniform(0.03, 0.2);
    }
  }
  const longer = Math.max(box.x2 - box.x1, box.y2 - box.y1);
  const shaken = (value: number, deviation: number) => value + longer * random.normal(0, deviation);
  const joints = seen.points.map(({ x, y }, index): Keypoint => {
    const seenHere = visibility[index] ?? 0;
    const deviation = (0.012 + 0.03 * (1 - seenHere)) * (posture === lying ? 1.5 : 1);
    return { x: shaken(x, deviation), y: shaken(y, deviation), visibility: seenHere };
  });
  const { x1, y1, x2, y2 } = box;
  const noisy = { x1: shaken(x1, 0.025), y1: shaken(y1, 0.025), x2: shaken(x2, 0.025), y2: shaken(y2, 0.025) };
  return { box: clipBox(noisy, camera.width, camera.height), joints };
}
