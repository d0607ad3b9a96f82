import {
  type Detection,
  type FallDecisionState,
  type FrameSeen,
  lookBack,
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

/** How a look-back is simulated: the frames of the past are analysed at this rate, and the room knows what they show so much later. */
export interface LookBack {
  readonly fps: number;
  readonly lateSeconds: number;
  /** No more than this is kept of what a camera sent. */
  readonly keptSeconds: number;
}

/** As the product does it (apps/processor/src/room): four frames per second of what was kept, known two seconds after the suspicion. */
export const productLookBack: LookBack = { fps: 4, lateSeconds: 2, keptSeconds: 30 };

export interface SimulationOptions {
  readonly fps: number;
  readonly phase: number;
  readonly decision: Decision;
  /** Absent: rooms do not look back. */
  readonly lookBack?: LookBack | undefined;
}

/** Watches a scene at a rate, with bursts and look-backs as the room asks for them, ticking once per second. */
export async function simulate(scene: Scene, o: SimulationOptions): Promise<Simulated> {
  const watch = new SimulatedWatch(scene, o);
  for (let at = scene.fromSecond + o.phase / o.fps; at <= scene.toSecond; at = watch.rhythm.next(at)) {
    await watch.look(at);
  }
  return watch;
}

/** After such news a room is not decided again (apps/processor/src/room/room-people.ts). */
const settles = (kind: RoomEffect['kind']): boolean =>
  kind === 'detected' || kind === 'reminder' || kind === 'recovered' || kind === 'person_not_visible';

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
  readonly #keptSeconds: number;
  #recent: { readonly before: FallDecisionState; readonly frame: FrameSeen }[] = [];
  /** A look-back that is not done yet: what it adds to, and when it is done. */
  #past: { readonly doneAt: number; readonly before: FallDecisionState; readonly frames: FrameSeen[] } | undefined;

  constructor(scene: Scene, o: SimulationOptions) {
    this.rhythm = new Rhythm(o.fps);
    this.#scene = scene;
    this.#calibration = o.decision.calibration;
    this.#vision = o.decision.room(scene.zones);
    this.#lookBack = o.lookBack;
    this.#keptSeconds = o.lookBack?.keptSeconds ?? 0;
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
    this.#past?.frames.push(frame);
    this.#recent = [
      ...this.#recent.filter((one) => one.frame.atMs >= (at - this.#keptSeconds) * 1000),
      { before, frame },
    ];
    const effects = this.#take(at, () => this.#vision.observe(this.#state, frame));
    const asked = effects.some(({ kind }) => kind === 'look_back');
    if (asked && this.#lookBack !== undefined && this.#past === undefined && before.atMs !== undefined) {
      this.#past = await this.#beginLookBack(this.#lookBack);
    }
  }

  /** From the first frame that is remembered on: a person may have been on the floor in frames that did not show it. */
  async #beginLookBack({ fps, lateSeconds }: LookBack) {
    const [first] = this.#recent;
    const seen = this.#recent.slice(1).map(({ frame }) => frame);
    const before = first === undefined ? this.#state : this.#vision.observe(first.before, first.frame)[0];
    const frames: FrameSeen[] = [];
    for (const frame of seen) {
      const until = frame.atMs / 1000 - 0.5 / fps;
      const from = ((frames.at(-1) ?? first?.frame)?.atMs ?? 0) / 1000;
      for (let second = from + 1 / fps; second < until; second += 1 / fps) {
        frames.push(await this.#analyse(second, before));
      }
      frames.push(frame);
    }
    return { doneAt: (seen.at(-1)?.atMs ?? 0) / 1000 + lateSeconds, before, frames };
  }

  #endLookBack(at: number): void {
    const past = this.#past;
    if (past === undefined || at < past.doneAt) return;
    this.#past = undefined;
    this.#take(past.doneAt, () => {
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
    if (effects.some(({ kind }) => settles(kind))) {
      this.#recent = [];
      this.#past = undefined;
    }
    for (const effect of effects) {
      this.told.push({ at, effect });
      if (effect.kind === 'burst') {
        this.rhythm.burst(at, effect);
      }
    }
    return effects;
  }
}
