import type { Expected } from './invariants.ts';
import type { SimStream } from './sim-processor-options.ts';
import type { SimWorld } from './sim-world.ts';

/** Later than this nothing is promised: the orchestrator gives a home that let go of a room two seconds to explain itself. */
const promptMs = 100;

/**
 * What people told the processors, and which of it must still stand at the end: only what a processor took, and what the
 * orchestrator was there to hear of.
 */
export class Wishes {
  readonly fps = new Map<number, number>();
  readonly models = new Map<number, string>();
  /** Rooms that were removed. */
  readonly gone = new Set<number>();
  /** When people last set something of a room. */
  readonly #set = new Map<number, number>();
  #forgotAtMs = Number.NEGATIVE_INFINITY;
  readonly #world: SimWorld;

  constructor(world: SimWorld) {
    this.#world = world;
  }

  expected(removed: ReadonlySet<number>): Expected {
    const { fps, models, gone } = this;
    return { removed, fps, models, gone };
  }

  setRate(home: string, rooms: readonly number[], fps: number, params: Record<string, unknown>): void {
    this.#world.operate('set_fps', { max_fps: fps, ...params }, home);
    this.#note(
      this.fps,
      rooms,
      fps,
      this.#takenBy(home, rooms, (stream) => stream?.maxFps === fps),
    );
  }

  setModel(home: string, room: number, model: string): void {
    this.#world.operate('change_model', { model_id: model, source_id: room }, home);
    this.#note(
      this.models,
      [room],
      model,
      this.#takenBy(home, [room], (stream) => stream?.modelId === model),
    );
  }

  remove(home: string, room: number): void {
    const { processors, broker, orchestrator } = this.#world;
    const prompt = broker.lateMs <= promptMs;
    // while the room is on its way to another one, the home may have been told to let go of it by the orchestrator first
    const rests = this.#world.incidents().every((one) => one.source_id !== room || one.state === 'closed');
    // one that took it while the home was away may still have it, and then it is watched by nobody's mistake
    const others = Object.keys(this.#world.homes).every((one) => processors.get(one)?.obeys === true);
    const given = [...orchestrator.ledger.pending].some((key) => key.startsWith('add:') && key.endsWith(`:${room}`));
    const had = prompt && rests && others && !given && this.#world.watchers(room).join() === home;
    this.#world.operate('remove_stream', { source_id: room }, home);
    const taken = this.#takenBy(home, [room], (stream) => stream === undefined).has(room);
    this.fps.delete(room);
    this.models.delete(room);
    this.gone.delete(room);
    if (had && taken && processors.get(home)?.alive === true) this.gone.add(room);
  }

  add(room: number): void {
    this.gone.delete(room);
    this.#world.operate('add_stream', { source_id: room });
  }

  /** A home that is started again comes with the rooms of its flags. */
  homeDies(): void {
    this.gone.clear();
  }

  /** What a broker had not yet written down when it died is gone, where the orchestrator dies too. */
  brokerDies(forgets: boolean): void {
    const { time, orchestrator } = this.#world;
    for (const [room, atMs] of this.#set) if (time.monoMs - atMs < 5000) this.#forget(room);
    this.gone.clear();
    if (!forgets) return;
    this.#forgotAtMs = time.monoMs;
    // nobody else remembers
    if (!orchestrator.alive || orchestrator.store.facts().desired === undefined) this.#forgetAll();
  }

  orchestratorDies(): void {
    const toldAgainMs = 20_000;
    const { broker, time } = this.#world;
    const up = broker.up && time.monoMs - this.#forgotAtMs > toldAgainMs;
    if (!up && Number.isFinite(this.#forgotAtMs)) this.#forgetAll();
  }

  #note<V>(wishes: Map<number, V>, rooms: readonly number[], value: V, taken: ReadonlySet<number>): void {
    for (const room of rooms) {
      this.#set.set(room, this.#world.time.monoMs);
      if (taken.has(room)) wishes.set(room, value);
      else wishes.delete(room);
    }
  }

  /** The rooms for which the home did it, with the orchestrator there all the while. */
  #takenBy(home: string, rooms: readonly number[], done: (stream: SimStream | undefined) => boolean): Set<number> {
    const { processors, orchestrator, broker } = this.#world;
    const processor = processors.get(home);
    const taken = new Set<number>();
    let heard = orchestrator.acting && broker.isOnline(home);
    for (let waited = 0; waited < 1500; waited += 50) {
      this.#world.run(50);
      for (const room of rooms) if (done(processor?.streams.get(room))) taken.add(room);
      heard = heard && orchestrator.acting;
    }
    if (heard) return taken;
    // told by somebody while nobody listened: its flags cannot be told from what was meant any more
    for (const room of this.#world.homes[home] ?? []) this.#forget(room);
    return new Set();
  }

  #forget(room: number): void {
    this.fps.delete(room);
    this.models.delete(room);
  }

  #forgetAll(): void {
    this.fps.clear();
    this.models.clear();
  }
}
