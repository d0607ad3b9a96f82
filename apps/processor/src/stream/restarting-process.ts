import type { Backoff, Clock, Timer } from '@vigilia/service';
import { redactUrl } from '@vigilia/service';
import type { Trouble } from './ffmpeg-messages.ts';
import type { FfmpegProcess, SentFrame } from './ffmpeg-process.ts';

/** What a stream asks of the process it watches over; `open-ffmpeg.ts` makes the real one. */
export interface StreamProcessEvents {
  onFrame(data: Buffer, info: SentFrame): void;
  onPacket(key: boolean): void;
  onEnd(trouble: Trouble): void;
}

export type StreamProcess = Pick<FfmpegProcess, 'opened' | 'pid' | 'errors' | 'stop'>;

export interface RestartingProcessOptions {
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** Rejects where the address can never be opened. */
  readonly open: (events: StreamProcessEvents) => Promise<StreamProcess>;
  readonly onOpening: () => void;
  readonly onFrame: StreamProcessEvents['onFrame'];
  readonly onPacket: StreamProcessEvents['onPacket'];
  /** The process ended, or was silent for too long; another will be opened after `waitMs`. */
  readonly onTrouble: (trouble: Trouble, waitMs: number) => void;
}

/** A process that gave frames for this long was no failure: the next one opens without a pause, ms. */
const workedMs = 5000;

/** Keeps one process going: ended or silent, another takes its place after a growing while. */
export class RestartingProcess {
  readonly #options: RestartingProcessOptions;
  #process: StreamProcess | undefined;
  #opening: Promise<unknown> = Promise.resolve();
  readonly #retiring = new Set<Promise<void>>();
  /** What comes from a process of an earlier generation is not listened to any more. */
  #generation = 0;
  #firstFrameMs: number | undefined;
  #patience: Timer | undefined;

  constructor(options: RestartingProcessOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The camera was reached: ffmpeg knows its frame. */
  get opened(): boolean {
    return this.#process?.opened === true;
  }

  /** Opens a process, once those before it have ended, that has `limitMs` to send something (`heard`). */
  start(limitMs: number): void {
    const { onOpening, onFrame, onPacket } = this.#options;
    const generation = ++this.#generation;
    const current = (): boolean => generation === this.#generation;
    this.#firstFrameMs = undefined;
    onOpening();
    this.#wait(limitMs);
    const opened = this.#open(current, {
      onFrame: (data, info) => current() && onFrame(data, info),
      onPacket: (key) => current() && onPacket(key),
      onEnd: (trouble) => current() && this.replace(trouble, limitMs),
    }).catch((error: Error) => {
      const detail = redactUrl(error.message);
      if (current()) {
        this.replace({ cause: 'unreachable', detail, final: true }, limitMs);
      }
    });
    this.#opening = Promise.all([this.#opening, opened]);
  }

  /** It sent something; the next must come within `limitMs`. */
  heard(limitMs: number): void {
    this.#wait(limitMs);
  }

  /** It gave a frame: whatever failed before, the next restart is quick again. */
  shown(limitMs: number): void {
    this.#firstFrameMs ??= this.#options.clock.monotonic();
    this.#options.backoff.reset();
    this.#wait(limitMs);
  }

  /** Ends the process and opens another: at once when this one worked, else after a growing while. */
  replace(trouble: Trouble, limitMs: number): void {
    const waitMs = trouble.retryAtOnce === true || this.#worked() ? 0 : this.#options.backoff.next();
    this.#options.onTrouble(trouble, waitMs);
    this.#generation++;
    this.#patience?.cancel();
    this.#retire();
    this.#patience = this.#options.clock.setTimeout(() => this.start(limitMs), waitMs);
  }

  /** Resolves when every process it started has ended. */
  async stop(): Promise<void> {
    this.#generation++;
    this.#patience?.cancel();
    await this.#opening;
    this.#retire();
    await Promise.all(this.#retiring);
  }

  async #open(current: () => boolean, events: StreamProcessEvents): Promise<void> {
    await Promise.all(this.#retiring);
    if (!current()) return;
    const process = await this.#options.open(events);
    if (current()) {
      this.#process = process;
    } else {
      this.#retire(process);
    }
  }

  #worked(): boolean {
    return this.#firstFrameMs !== undefined && this.#options.clock.monotonic() - this.#firstFrameMs >= workedMs;
  }

  #wait(limitMs: number): void {
    this.#patience?.cancel();
    this.#patience = this.#options.clock.setTimeout(() => this.replace(this.#silence(limitMs), limitMs), limitMs);
  }

  #silence(limitMs: number): Trouble {
    const words = this.#process?.errors().at(-1);
    const detail = `no picture for ${Math.round(limitMs / 1000)} s${words ? `; ffmpeg reported: ${words}` : ''}`;
    return { cause: this.opened ? 'silent' : 'unreachable', detail, final: false };
  }

  #retire(process = this.#process): void {
    if (process === this.#process) {
      this.#process = undefined;
    }
    const ending = process?.stop();
    if (ending === undefined) return;
    this.#retiring.add(ending);
    void ending.finally(() => this.#retiring.delete(ending));
  }
}
