import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';

/** What an orchestrator asks of the engine: a dedicated processor, or a warm standby without an incident. */
export interface SimSpec {
  readonly instanceId: string;
  readonly incidentId?: string | undefined;
  readonly sourceIds: readonly number[];
  readonly modelId?: string | undefined;
  readonly maxFps: number;
}

/** Why a simulated engine did not do what it was asked. */
export interface SimFailure {
  readonly code: 'unreachable' | 'image_missing';
  readonly message: string;
}

const away: SimFailure = { code: 'unreachable', message: 'the engine does not answer' };

export interface SimRuntimeOptions {
  readonly time: Timeline;
  readonly random: Random;
  /** Starts the processor of a spec; returns how to end it and whether it is still there. */
  readonly launch: (spec: SimSpec) => { stop(): void; alive(): boolean };
}

/** An engine that starts and stops dedicated processors and outlives the orchestrator. */
export class SimRuntime {
  /** Engine gone: every call fails. */
  works = true;
  /** As Docker does with `unless-stopped`: what dies is started again, and is listed as running all the while. */
  restarts = false;
  /** The image of dedicated processors is not there. */
  imageMissing = false;
  /** What the host offers; undefined: the engine does not report it. */
  capacity: { readonly cpus: number; readonly memoryMb: number } | undefined;
  readonly #options: SimRuntimeOptions;
  readonly #running = new Map<
    string,
    { spec: SimSpec; startedMs: number; process: { stop(): void; alive(): boolean } }
  >();

  constructor(options: SimRuntimeOptions) {
    this.#options = options;
  }

  /** Returns what it runs; undefined while it does not answer. */
  list(): (SimSpec & { readonly state: 'running' | 'exited'; readonly startedMs: number })[] | undefined {
    if (!this.works) return undefined;
    return this.instances.map(({ spec, startedMs, alive }) => ({
      ...spec,
      state: this.restarts || alive ? 'running' : 'exited',
      startedMs,
    }));
  }

  get instances(): { spec: SimSpec; startedMs: number; alive: boolean }[] {
    return [...this.#running.values()].map(({ spec, startedMs, process }) => ({
      spec,
      startedMs,
      alive: process.alive(),
    }));
  }

  spawn(spec: SimSpec, done: (error?: SimFailure) => void): void {
    const { time, random } = this.#options;
    time.after(random.between(50, 1500), () => {
      if (!this.works) return done(away);
      if (this.imageMissing) return done({ code: 'image_missing', message: 'no such image: vigilia-processor' });
      if (!this.#running.has(spec.instanceId)) {
        this.#running.set(spec.instanceId, { spec, startedMs: time.monoMs, process: this.#options.launch(spec) });
      }
      done();
    });
  }

  stop(instanceId: string, done: (error?: SimFailure) => void): void {
    const { time, random } = this.#options;
    time.after(random.between(20, 800), () => {
      if (!this.works) return done(away);
      this.#running.get(instanceId)?.process.stop();
      this.#running.delete(instanceId);
      done();
    });
  }

  /** A dedicated process was killed. */
  died(instanceId: string): void {
    const { time, random } = this.#options;
    const entry = this.#running.get(instanceId);
    if (!this.restarts || entry === undefined) return;
    time.after(random.between(100, 1500), () => {
      if (this.#running.get(instanceId) !== entry || entry.process.alive()) return;
      if (this.works) {
        entry.process = this.#options.launch(entry.spec);
      } else {
        this.died(instanceId);
      }
    });
  }
}
