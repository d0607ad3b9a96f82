import {
  type Detection,
  type ModelCalibration,
  type RoomEffect,
  type RoomVision,
  summariseRoom,
  type Zone,
} from '@vigilia/vision';
import { Rhythm } from './rhythm.ts';

/** What a room reported at a second of the scene. */
export interface TimedEffect {
  readonly at: number;
  readonly effect: RoomEffect;
}

/** What a model found in one look, and whether it was shown the frame mirrored. */
export interface Looked {
  readonly detections: readonly Detection[];
  readonly mirrored: boolean;
}

/** A scene at simulated time: any second can be analysed. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  readonly fromSecond: number;
  readonly toSecond: number;
  readonly zones: readonly Zone[] | undefined;
  /** @param standingHeight of people, share of the frame's height; undefined until the room has learned it */
  look(second: number, standingHeight: number | undefined): Promise<Looked>;
}

export interface Simulated {
  readonly told: readonly TimedEffect[];
  /** Frames that were analysed. */
  readonly frames: number;
  /** Time spent in the fall logic itself, ms. */
  readonly logicMs: number;
}

/** A fall decision: how a room decides, and what its model's confidences mean. */
export interface Decision {
  readonly calibration: ModelCalibration;
  room(zones: readonly Zone[] | undefined): RoomVision;
}

/** Watches a scene at a rate, with bursts as the room asks for them, ticking once per second. */
export async function simulate(
  scene: Scene,
  o: { readonly fps: number; readonly phase: number; readonly decision: Decision },
): Promise<Simulated> {
  const { calibration } = o.decision;
  const vision = o.decision.room(scene.zones);
  const rhythm = new Rhythm(o.fps);
  const told: TimedEffect[] = [];
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
      if (effect.kind === 'burst') {
        rhythm.burst(at, effect);
      }
    }
  };

  for (let at = scene.fromSecond + o.phase / o.fps; at <= scene.toSecond; at = rhythm.next(at)) {
    for (; nextTick < at; nextTick += 1) {
      take(nextTick, () => vision.tick(state, nextTick * 1000));
    }
    frames += 1;
    const looked = await scene.look(at, summariseRoom(state).referenceHeight);
    const { width, height } = scene;
    take(at, () => vision.observe(state, { ...looked, atMs: at * 1000, width, height, calibration }));
  }
  return { told, frames, logicMs };
}
