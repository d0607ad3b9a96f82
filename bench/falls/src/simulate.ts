import {
  type Detection,
  type FallDecisionState,
  type FrameSeen,
  lookBack,
  type ModelCalibration,
  RecentFrames,
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

/** How a look-back is simulated: the frames of the past are analysed at this rate, and the room knows what they show so much later. */
export interface LookBack {
  readonly fps: number;
  readonly lateSeconds: number;
}

/** As the product does it (apps/processor/src/room): four frames per second of what was kept, known two seconds after the suspicion. */
export const productLookBack: LookBack = { fps: 4, lateSeconds: 2 };

export interface SimulationOptions {
  readonly fps: number;
  readonly phase: number;
  readonly decision: Decision;
  /** Absent: rooms do not look back. */
  readonly lookBack?: LookBack | undefined;
  /** Seconds at which a frame is analysed beside those that are due, in order. */
  readonly requestedAt?: readonly number[] | undefined;
}

/** Watches a scene at a rate, with bursts and look-backs as the room asks for them, ticking once per second. */
export async function simulate(scene: Scene, o: SimulationOptions): Promise<Simulated> {
  const watch = new SimulatedWatch(scene, o);
  const requested = [...(o.requestedAt ?? [])];
  let due = scene.fromSecond + o.phase / o.fps;
  while (due <= scene.toSecond) {
    const [extra = Number.POSITIVE_INFINITY] = requested;
    const at = Math.min(due, extra);
    await watch.look(at);
    if (at === extra) {
      requested.shift();
    }
    due = at < due ? Math.min(due, watch.rhythm.next(at)) : watch.rhythm.next(at);
  }
  return watch;
}

/** A room being watched: what it believes, and what it has reported. */
class SimulatedWatch implements Simulated {
  readonly rhythm: Rhythm;
  readonly told: TimedEffect[] = [];
  frames = 0;
  logicMs = 0;
  readonly #scene: Scene;
  readonly #calibration: ModelCalibration;
  readonly #vision: RoomVision;
  readonly #lookBack: LookBack | undefined;
  #state: FallDecisionState;
  #nextTick: number;
  readonly #recent = new RecentFrames();
  /** Frames of a look-back whose result is not known yet, and when it is. */
  #past: { readonly doneAt: number; readonly frames: readonly FrameSeen[] } | undefined;

  constructor(scene: Scene, o: SimulationOptions) {
    this.rhythm = new Rhythm(o.fps);
    this.#scene = scene;
    this.#calibration = o.decision.calibration;
    this.#vision = o.decision.room(scene.zones);
    this.#lookBack = o.lookBack;
    this.#state = this.#vision.empty();
    this.#nextTick = Math.ceil(scene.fromSecond);
  }

  async look(at: number): Promise<void> {
    for (; this.#nextTick < at; this.#nextTick += 1) {
      this.#endLookBack(this.#nextTick);
      const atMs = this.#nextTick * 1000;
      this.#take(this.#nextTick, () => this.#vision.tick(this.#state, atMs));
    }
    this.#endLookBack(at);
    const before = this.#state;
    const frame = await this.#analyse(at, before);
    this.#recent.add(before, frame);
    const effects = this.#take(at, () => this.#vision.observe(this.#state, frame));
    const asked = effects.some(({ kind }) => kind === 'look_back');
    if (asked && this.#lookBack !== undefined && this.#past === undefined) {
      this.#past = await this.#beginLookBack(this.#lookBack, at);
    }
  }

  async #beginLookBack({ fps, lateSeconds }: LookBack, at: number) {
    const frames: FrameSeen[] = [];
    for (const { afterMs, untilMs } of this.#recent.begin()) {
      for (let second = afterMs / 1000 + 1 / fps; second < untilMs / 1000 - 0.5 / fps; second += 1 / fps) {
        frames.push(await this.#analyse(second, this.#state));
      }
    }
    return { doneAt: at + lateSeconds, frames };
  }

  #endLookBack(at: number): void {
    if (this.#past === undefined || at < this.#past.doneAt) return;
    const { doneAt, frames } = this.#past;
    this.#past = undefined;
    const past = this.#recent.end(frames);
    if (past === undefined) return;
    this.#take(doneAt, () => {
      const { state, news } = lookBack(this.#vision, past, this.#state);
      return [state, news];
    });
  }

  async #analyse(second: number, state: FallDecisionState): Promise<FrameSeen> {
    this.frames += 1;
    const { width, height } = this.#scene;
    const looked = await this.#scene.look(second, summariseRoom(state).referenceHeight);
    return { ...looked, atMs: second * 1000, width, height, calibration: this.#calibration };
  }

  #take(
    at: number,
    step: () => readonly [FallDecisionState, readonly RoomEffect[], ...unknown[]],
  ): readonly RoomEffect[] {
    const startedAt = performance.now();
    const [next, effects] = step();
    this.logicMs += performance.now() - startedAt;
    this.#state = next;
    this.#recent.reported(effects);
    for (const effect of effects) {
      this.told.push({ at, effect });
      if (effect.kind === 'burst') {
        this.rhythm.burst(at, effect);
      }
    }
    return effects;
  }
}
