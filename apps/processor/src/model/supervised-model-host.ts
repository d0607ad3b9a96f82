import { CommandError } from '@vigilia/protocol';
import { type Backoff, type Clock, createBackoff, type Logger, within } from '@vigilia/service';
import type { ModelDescription } from '@vigilia/vision';
import type { Frame } from '../stream/frame.ts';
import { threadsBeside } from './cpu-threads.ts';
import type { InferenceResult } from './inference-result.ts';
import { messageOf } from './message-of.ts';
import type { ModelFiles } from './model-files.ts';
import { modelHash } from './model-hash.ts';
import { ModelHostChild } from './model-host-child.ts';
import { ModelHostError } from './model-host-error.ts';
import type { InferAnswer } from './model-host-messages.ts';
import { ProviderChoice } from './provider-choice.ts';
import type { LoadedSession } from './session.ts';

export interface SupervisedModelHostOptions {
  readonly modelId: string;
  readonly files: ModelFiles;
  /** Without it what suits the provider. */
  readonly threads?: number | undefined;
  /** What computes the model, in the order in which it is tried; the last one is the CPU (`config/provider-order.ts`). */
  readonly providers: readonly string[];
  /** Program that reads the embedded picture of a person. */
  readonly ffmpeg?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<ModelHostLimits> | undefined;
  /** Counts of all hosts of this model, which this one goes on with; its own where absent. */
  readonly totals?: HostTotals;
  /** Called with the SHA-256 of the files each time they were loaded. */
  readonly onLoaded?: ((sha256: string) => void) | undefined;
  /** Providers whose failure with this model has been logged. */
  readonly reportedProviders?: Set<string>;
}

/** What happened to the hosts of a model since the processor started. */
export interface HostTotals {
  /** Replaced after a crash or a hang. */
  restarts: number;
  /** Frames that one died or hung on. */
  lost: number;
  /** Frames for which the model gave an error or numbers that cannot be right. */
  failed: number;
}

export interface ModelHostLimits {
  /** Loading, warming and checking, ms. */
  readonly loadMs: number;
  /** Least patience with an answer, ms; the other measure is 20 × the usual time. */
  readonly hangMs: number;
}

const defaultLimits: ModelHostLimits = { loadMs: 30_000, hangMs: 5_000 };
const hangFactor = 20;
/** Weight of the newest answer in the usual time. */
const smoothing = 0.1;

/** How a frame is analysed: least score of what is reported (0..1), and whether the model is shown it mirrored left to right. */
export interface InferOptions {
  readonly confidence: number;
  readonly mirrored?: boolean | undefined;
}

/** What others may ask of a model's host; tests replace it. */
export type ModelHost = Pick<
  SupervisedModelHost,
  'modelId' | 'description' | 'personConfidence' | 'infer' | 'stats' | 'stop'
> &
  Partial<Pick<SupervisedModelHost, 'sha256'>>;

export interface HostStats {
  readonly restarts: number;
  readonly lost: number;
  /** Frames for which the model gave an error or numbers that cannot be right. */
  readonly failed: number;
  /** Usual time of an answer, ms. */
  readonly usualMs: number | undefined;
  /** What computes the model now, by its name in ONNX Runtime. */
  readonly provider: string;
  /** undefined while the process is being replaced. */
  readonly pid: number | undefined;
}

/** One child process with one ONNX session. It outlives that process: a crash or a hang costs one frame and a replacement. */
export class SupervisedModelHost {
  readonly modelId: string;
  readonly #options: SupervisedModelHostOptions;
  readonly #limits: ModelHostLimits;
  readonly #backoff: Backoff = createBackoff({ minMs: 200, maxMs: 30_000, jitter: 0.2 });
  /** In the order in which they were asked: the first is what the child computes on. */
  readonly #inFlight = new Set<Promise<unknown>>();
  readonly #stopping = new AbortController();
  #loaded: LoadedSession | undefined;
  #child: ModelHostChild | undefined;
  #sha256: string | undefined;
  #replacing: Promise<void> | undefined;
  readonly #totals: HostTotals;
  readonly #provider: ProviderChoice;
  #usualMs: number | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: SupervisedModelHostOptions) {
    this.#options = options;
    this.modelId = options.modelId;
    this.#totals = options.totals ?? { restarts: 0, lost: 0, failed: 0 };
    this.#limits = { ...defaultLimits, ...options.limits };
    const { modelId, providers: names, logger, reportedProviders: reported = new Set() } = options;
    this.#provider = new ProviderChoice({ modelId, names, logger, reported });
  }

  get description(): ModelDescription {
    if (this.#loaded === undefined) throw new Error(`Model ${this.modelId} is not loaded.`);
    return this.#loaded.description;
  }

  /** Score of the person in the embedded picture, 0 where the model found none; undefined where it was not tried on it. */
  get personConfidence(): number | undefined {
    return this.#loaded?.personConfidence;
  }

  /** Of the files that are loaded (`modelHash`). */
  get sha256(): string | undefined {
    return this.#sha256;
  }

  get stats(): HostStats {
    return { ...this.#totals, usualMs: this.#usualMs, provider: this.#provider.name, pid: this.#child?.pid };
  }

  /** Loads, warms and checks. Rejects with `CommandError` `model_invalid`, or with the signal's reason. */
  async start(signal: AbortSignal): Promise<void> {
    this.#loaded = await this.#open(signal);
    this.#usualMs = this.#loaded.inferenceMs;
  }

  /**
   * Analyses one frame; reports objects from `confidence` on.
   * @throws ModelHostError when the process died or hung; it is replaced. The frame that it computed on is lost and counted
   * (`lost`), one behind it may be asked again (`untouched`).
   */
  async infer(frame: Frame, options: InferOptions): Promise<InferenceResult> {
    if (this.#stopped !== undefined) throw new ModelHostError('stopped', 'The model host was ended.');
    const child = this.#child;
    if (child === undefined) return this.#untouched();
    const { clock } = this.#options;
    const hang = clock.setTimeout(() => this.#onLost(child, 'it hung'), this.#hangLimitMs());
    const work = this.#ask(child, frame, options);
    this.#inFlight.add(work);
    try {
      return await work;
    } catch (error) {
      if (error instanceof ModelHostError && error.code === 'failed') {
        this.#totals.failed++;
        this.#onFailed(child, error.message);
      }
      if (error instanceof ModelHostError && error.code === 'stopped' && this.#stopped === undefined) {
        const [first] = this.#inFlight;
        return await (first === work ? this.#loseFrame() : this.#untouched());
      }
      throw error;
    } finally {
      hang.cancel();
      this.#inFlight.delete(work);
    }
  }

  /** Waits for work in flight, then ends the process. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
    this.#stopping.abort(new ModelHostError('stopped', 'The model host was ended.'));
    await this.#replacing;
    await this.#child?.end();
    this.#child = undefined;
  }

  /** Also what fails at once, such as memory that is full, is a rejection: no caller is left waiting for an answer. */
  async #ask(child: ModelHostChild, frame: Frame, options: InferOptions): Promise<InferAnswer> {
    const { width, height, displayed } = frame;
    const size = { width, height, sourceWidth: displayed.width, sourceHeight: displayed.height };
    const { confidence, mirrored = false } = options;
    const answer = await child.infer(frame.data, { ...size, confidence, mirrored });
    this.#answered(answer);
    return answer;
  }

  #hangLimitMs(): number {
    return Math.max(this.#limits.hangMs, hangFactor * (this.#usualMs ?? 0));
  }

  #answered(answer: InferAnswer): void {
    this.#backoff.reset();
    this.#provider.answered(false);
    // several passes take longer; the usual time is that of one pass
    const ms = answer.inferenceMs / answer.passes;
    this.#usualMs = this.#usualMs === undefined ? ms : this.#usualMs + smoothing * (ms - this.#usualMs);
  }

  /** The frame is lost; its caller is rejected when the replacement is there, so that it does not ask in vain until then. */
  async #loseFrame(): Promise<never> {
    this.#totals.lost++;
    await this.#replacing;
    throw new ModelHostError('lost', `The host of model ${this.modelId} had to be replaced; a frame was lost.`);
  }

  /** The frame never came to be computed on: nothing is lost, it only has to be asked again. */
  async #untouched(): Promise<never> {
    await this.#replacing;
    throw new ModelHostError('untouched', `The host of model ${this.modelId} had to be replaced before its turn came.`);
  }

  /** With the first provider that can; each is tried in a process of its own, because a driver may crash or hang. */
  async #open(signal: AbortSignal): Promise<LoadedSession> {
    for (;;) {
      try {
        const loaded = await this.#openWith(this.#provider.name, signal);
        this.#provider.works();
        return loaded;
      } catch (error) {
        signal.throwIfAborted();
        if (!this.#provider.leave(messageOf(error))) throw error;
      }
    }
  }

  async #openWith(provider: string, signal: AbortSignal): Promise<LoadedSession> {
    const { ffmpeg, clock, modelId, threads = threadsBeside(provider) } = this.#options;
    const files = { ...this.#options.files, threads, provider, ffmpeg, known: this.#loaded?.description };
    const child = new ModelHostChild({ files, clock, onEnd: (words) => this.#onLost(child, words) });
    const { loadMs } = this.#limits;
    const late = () => new Error(`loading took more than ${loadMs / 1000} s.`);
    using limit = within(loadMs, signal, { clock, error: late });
    try {
      const sha256 = await limit.race(modelHash(this.#options.files));
      const model = await limit.race(child.load());
      this.#child = child;
      this.#sha256 = sha256;
      this.#options.onLoaded?.(sha256);
      return model;
    } catch (cause) {
      await child.end({ force: true });
      signal.throwIfAborted();
      const words = `Model ${modelId} cannot be used: ${messageOf(cause)}`;
      throw new CommandError('model_invalid', words, { field: 'model_id', cause });
    }
  }

  /** An accelerator that fails again and again is left, as if its process had died. */
  #onFailed(child: ModelHostChild, words: string): void {
    if (this.#provider.answered(true)) {
      this.#onLost(child, `${this.#provider.name} fails: ${words}`);
    }
  }

  #onLost(child: ModelHostChild, words: string): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    this.#provider.leave(words);
    const { logger } = this.#options;
    logger.error(
      { event: 'model_host_lost', model_id: this.modelId, reason: words, pid: child.pid },
      'model host lost',
    );
    this.#replacing = this.#replace().finally(() => {
      this.#replacing = undefined;
    });
    void child.end({ force: true });
  }

  async #replace(): Promise<void> {
    const { clock, logger } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        await clock.sleep(this.#backoff.next(), signal);
        await this.#open(signal);
        this.#totals.restarts++;
        logger.info(
          { event: 'model_host_replaced', model_id: this.modelId, restarts: this.#totals.restarts },
          'model host replaced',
        );
        return;
      } catch (err) {
        if (!signal.aborted) {
          logger.error({ event: 'model_host_failed', model_id: this.modelId, err }, 'model host failed');
        }
      }
    }
  }
}
