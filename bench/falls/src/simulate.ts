import { createRoomVision, type Detection, type FallPolicy, type RoomEffect, type Zone } from '@vigilia/vision';

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
  look(second: number, turned: boolean): Promise<readonly Detection[]>;
}

export interface Simulated {
  readonly told: readonly Told[];
  /** Frames looked at, and of them with turned passes. */
  readonly frames: number;
  readonly turned: number;
  /** Time spent in the fall logic itself, ms. */
  readonly logicMs: number;
}

/** A burst begins late: the full decode of the camera must open first. */
const burstLateSeconds = 3;

/** When the room is looked at: at its rate, and more often while a burst runs. */
class Rhythm {
  private from = Number.POSITIVE_INFINITY;
  private to = Number.POSITIVE_INFINITY;
  private burstFps = 0;
  private turned = false;
  private readonly fps: number;

  constructor(fps: number) {
    this.fps = fps;
  }

  burst(at: number, effect: { readonly fps: number; readonly seconds: number; readonly turned: boolean }): void {
    this.from = at + burstLateSeconds;
    this.to = this.from + effect.seconds;
    this.burstFps = effect.fps;
    this.turned = effect.turned;
  }

  isBursting(at: number): boolean {
    return at >= this.from && at < this.to;
  }

  isTurned(at: number): boolean {
    return this.turned && this.isBursting(at);
  }

  next(at: number): number {
    const regular = at + 1 / this.fps;
    if (this.burstFps <= this.fps) return regular;
    if (this.isBursting(at)) return Math.min(regular, at + 1 / this.burstFps);
    return this.from > at ? Math.min(regular, this.from) : regular;
  }
}

/** Watches a scene at a rate, with bursts and turned passes as the room asks for them, ticking once a second. */
export async function simulate(
  scene: Scene,
  o: { fps: number; phase: number; policy: FallPolicy },
): Promise<Simulated> {
  const vision = createRoomVision({ policy: o.policy, zones: scene.zones });
  const rhythm = new Rhythm(o.fps);
  const told: Told[] = [];
  let state = vision.empty();
  let [turnNext, frames, turnedFrames, logicMs] = [false, 0, 0, 0];
  let nextTick = Math.ceil(scene.fromSecond);

  const take = (at: number, step: () => readonly [typeof state, readonly RoomEffect[], ...unknown[]]) => {
    const startedAt = performance.now();
    const [next, effects] = step();
    logicMs += performance.now() - startedAt;
    state = next;
    for (const effect of effects) {
      told.push({ at, effect });
      if (effect.kind === 'turned_pass') turnNext = true;
      if (effect.kind === 'burst') rhythm.burst(at, effect);
    }
  };

  for (let at = scene.fromSecond + o.phase / o.fps; at <= scene.toSecond; at = rhythm.next(at)) {
    for (; nextTick < at; nextTick += 1) take(nextTick, () => vision.tick(state, nextTick * 1000));
    const turned = turnNext || rhythm.isTurned(at);
    turnNext = false;
    frames += 1;
    turnedFrames += turned ? 1 : 0;
    const detections = await scene.look(at, turned);
    const { width, height } = scene;
    take(at, () => vision.observe(state, { atMs: at * 1000, detections, width, height }));
  }
  return { told, frames, turned: turnedFrames, logicMs };
}
