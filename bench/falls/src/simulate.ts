import {
  createRoomVision,
  type Detection,
  type FallPolicy,
  type ModelCalibration,
  type RoomEffect,
  type Zone,
} from '@vigilia/vision';
import { Rhythm } from './rhythm.ts';

/** Something a room told, at a second of the scene. */
export interface Told {
  readonly at: number;
  readonly effect: RoomEffect;
}

/** A scene at simulated time: any second can be looked at. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly fromSecond: number;
  readonly toSecond: number;
  readonly zones: readonly Zone[] | undefined;
  /** What the model's confidences mean; absent: cautious values for any model. */
  readonly calibration?: ModelCalibration | undefined;
  look(second: number): Promise<readonly Detection[]>;
}

export interface Simulated {
  readonly told: readonly Told[];
  /** Frames looked at. */
  readonly frames: number;
  /** Time spent in the fall logic itself, ms. */
  readonly logicMs: number;
}

/** Watches a scene at a rate, with bursts as the room asks for them, ticking once a second. */
export async function simulate(
  scene: Scene,
  o: { fps: number; phase: number; policy: FallPolicy },
): Promise<Simulated> {
  const vision = createRoomVision({ policy: o.policy, zones: scene.zones });
  const rhythm = new Rhythm(o.fps);
  const told: Told[] = [];
  let state = vision.empty();
  let [frames, logicMs] = [0, 0];
  let nextTick = Math.ceil(scene.fromSecond);

  const take = (at: number, step: () => readonly [typeof state, readonly RoomEffect[], ...unknown[]]) => {
    const startedAt = performance.now();
    const [next, effects] = step();
    logicMs += performance.now() - startedAt;
    state = next;
    for (const effect of effects) {
      told.push({ at, effect });
      if (effect.kind === 'burst') rhythm.burst(at, effect);
    }
  };

  for (let at = scene.fromSecond + o.phase / o.fps; at <= scene.toSecond; at = rhythm.next(at)) {
    for (; nextTick < at; nextTick += 1) take(nextTick, () => vision.tick(state, nextTick * 1000));
    frames += 1;
    const detections = await scene.look(at);
    const { width, height, calibration } = scene;
    take(at, () => vision.observe(state, { atMs: at * 1000, detections, width, height, calibration }));
  }
  return { told, frames, logicMs };
}
