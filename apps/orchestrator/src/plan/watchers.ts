import type { Draft } from './draft.ts';
import { detectionsAreSteady, detectionsFreshForMs } from './recent-detections.ts';
import type { ObservedProcessor } from './view.ts';

/** A processor that was heard since the connect is asked with a ping after this silence … */
export const askAfterSilenceMs = 30_000;
/** … and given up this long after the question, when its last will did not come before. */
export const answerWithinMs = 10_000;
/** A home that was restarted has this long to come back to its rooms before others take them. */
const startGraceMs = 4000;

/** Who is there, who watches what: questions about the view that several rules ask, each answered once per plan. */
export class Watchers {
  readonly #draft: Draft;
  readonly #alive = new Map<string, boolean>();
  #byRoom: Map<number, ObservedProcessor[]> | undefined;

  constructor(draft: Draft) {
    this.#draft = draft;
  }

  processor(instanceId: string | undefined): ObservedProcessor | undefined {
    return instanceId === undefined ? undefined : this.#draft.view.processors.get(instanceId);
  }

  /** Not offline, not on its way out, and not silent for too long. A retained status alone never counts for long. */
  alive(processor: ObservedProcessor | undefined): boolean {
    if (processor === undefined) return false;
    const known = this.#alive.get(processor.instanceId);
    if (known !== undefined) return known;
    const answer = this.#judge(processor);
    this.#alive.set(processor.instanceId, answer);
    return answer;
  }

  #judge(processor: ObservedProcessor): boolean {
    if (processor.status === 'offline' || processor.status === 'stopping') return false;
    const { now, policy } = this.#draft;
    const limitMs = processor.confirmed
      ? askAfterSilenceMs + answerWithinMs
      : policy.timings.home_silent_seconds * 1000;
    return !this.#draft.reached(now.monoMs - processor.lastSignMs, limitMs);
  }

  /** Alive, past its start, and obeys commands. What is only retained may be a life before: it would not hear them. */
  commandable(processor: ObservedProcessor | undefined): processor is ObservedProcessor {
    if (processor === undefined || !processor.confirmed || processor.status === 'starting') return false;
    return this.alive(processor) && processor.control;
  }

  /** Alive, and not for too long in its start: meanwhile it watches nothing. */
  present(processor: ObservedProcessor | undefined): processor is ObservedProcessor {
    if (processor === undefined || !this.alive(processor)) return false;
    if (processor.status !== 'starting') return true;
    const { now, view, policy } = this.#draft;
    const whole = this.#draft.reached(now.monoMs - view.wholeSinceMs, policy.timings.home_silent_seconds * 1000);
    return !(this.#draft.reached(now.monoMs - processor.comingSinceMs, startGraceMs) && whole);
  }

  /** Its own detection messages for the room come at its rate. */
  sees(processor: ObservedProcessor | undefined, sourceId: number): boolean {
    if (processor === undefined || !this.alive(processor)) return false;
    const leftMs = detectionsFreshForMs(processor, sourceId, this.#draft.now.monoMs);
    if (leftMs > 0) {
      this.#draft.wakeAt(this.#draft.now.monoMs + leftMs);
    }
    return leftMs > 0;
  }

  /** It is heard to live, and sees the room for long enough for others to let go of it. */
  seesSteadily(processor: ObservedProcessor, sourceId: number): boolean {
    if (!processor.confirmed || !this.sees(processor, sourceId)) return false;
    return detectionsAreSteady(processor, sourceId, this.#draft.now.monoMs);
  }

  /** Everyone alive whose status names the room, in order of name. */
  watchersOf(sourceId: number): readonly ObservedProcessor[] {
    this.#byRoom ??= this.#index();
    return this.#byRoom.get(sourceId) ?? [];
  }

  seenByAnyone(sourceId: number, except?: string): boolean {
    return this.watchersOf(sourceId).some((one) => one.instanceId !== except && this.sees(one, sourceId));
  }

  /** Frames per second that a processor is asked to analyse: the measure of "least loaded". */
  load(processor: ObservedProcessor): number {
    let frames = 0;
    for (const stream of processor.streams.values()) {
      frames += stream.maxFps;
    }
    return frames * ((processor.inferenceMs ?? 100) / 100);
  }

  /** Homes that can take a room, least loaded first. */
  homesByLoad(): ObservedProcessor[] {
    return [...this.#draft.view.processors.values()]
      .filter((one) => one.role === 'home' && this.commandable(one) && one.status !== 'paused')
      .sort((a, b) => this.load(a) - this.load(b) || compare(a.instanceId, b.instanceId));
  }

  #index(): Map<number, ObservedProcessor[]> {
    const index = new Map<number, ObservedProcessor[]>();
    const sorted = [...this.#draft.view.processors.values()].sort((a, b) => compare(a.instanceId, b.instanceId));
    for (const processor of sorted) {
      if (!this.alive(processor)) continue;
      for (const sourceId of processor.streams.keys()) {
        const list = index.get(sourceId);
        if (list === undefined) {
          index.set(sourceId, [processor]);
        } else {
          list.push(processor);
        }
      }
    }
    return index;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
