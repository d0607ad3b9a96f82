import type { Backoff, Clock, Timer } from '@vigilia/service';
import { redactUrl } from '@vigilia/service';
import type { Trouble } from './ffmpeg-messages.ts';
import type { FfmpegProcess, SentFrame } from './ffmpeg-process.ts';
import type { Frame } from './frame.ts';
import type { StreamSpec } from './stream-spec.ts';

/** What a stream asks of the process it watches over; `open-ffmpeg.ts` makes the real one. */
export interface StreamProcessEvents {
  onFrame(data: Buffer, info: SentFrame): void;
  onPacket(key: boolean): void;
  onEnd(trouble: Trouble): void;
  /** Whether a keyframe that came just now is to be decoded; only a process that keeps packets asks. */
  wantsKeyframe(): boolean;
  /** A keyframe came that could have been decoded and was not wanted. */
  onUnwantedKeyframe(): void;
  /** Keyframes cannot be decoded one at a time; that is tried again after `retryMs`. */
  onKeyframesFail(retryMs: number): void;
}

/**
 * What becomes of the session at the camera, which several processes may share: this one `leave`s it; another one follows, and this
 * one holds it until `stop` is called again (`keep`); or something is wrong with it, so that none may go on with it (`reconnect`).
 */
export type SessionEnd = 'leave' | 'keep' | 'reconnect';

/** Which frames of the past are wanted: `fps` of them per second between two moments, monotonic ms. */
export interface PastRequest {
  readonly afterMs: number;
  readonly untilMs: number;
  readonly fps: number;
  /** Of the frames, px; as the stream's own where left out. */
  readonly size?: { readonly width: number; readonly height: number };
  readonly signal: AbortSignal;
}

export interface StreamProcess extends Pick<FfmpegProcess, 'opened' | 'pid' | 'errors'> {
  /** Whether a stream of this camera, opened beside it, uses the same session; left out: no. */
  sharesSession?(camera: SessionCamera): boolean;
  /** Frames that were sent and not decoded; left out: nothing is kept. */
  past?(request: PastRequest): AsyncIterable<Frame>;
  /** Decodes the newest keyframe that was kept, unless it was shown; left out: all are decoded. */
  showNewest?(): void;
  stop(session?: SessionEnd): Promise<void>;
}

/** What a session at a camera is opened by. */
export type SessionCamera = Pick<StreamSpec, 'sourceId' | 'address' | 'inputArgs'>;

export interface RestartingProcessOptions {
  readonly clock: Clock;
  readonly backoff: Backoff;
  /** Rejects where the address can never be opened. */
  readonly open: (events: StreamProcessEvents) => Promise<StreamProcess>;
  readonly onOpening: () => void;
  readonly onFrame: StreamProcessEvents['onFrame'];
  readonly onPacket: StreamProcessEvents['onPacket'];
  readonly wantsKeyframe: StreamProcessEvents['wantsKeyframe'];
  readonly onUnwantedKeyframe: StreamProcessEvents['onUnwantedKeyframe'];
  readonly onKeyframesFail: StreamProcessEvents['onKeyframesFail'];
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
  /** One that has ended and still holds the session, for the next one to share it. */
  #holder: StreamProcess | undefined;
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

  sharesSession(camera: SessionCamera): boolean {
    return this.#process?.sharesSession?.(camera) === true;
  }

  /** Frames that were sent and not decoded; undefined where nothing is kept. */
  past(request: PastRequest): AsyncIterable<Frame> | undefined {
    return this.#process?.past?.(request);
  }

  /** The newest frame is wanted, where not all are decoded. */
  showNewest(): void {
    this.#process?.showNewest?.();
  }

  /** Opens a process, once those before it have ended, that has `limitMs` to send something (`heard`). */
  start(limitMs: number): void {
    const { onOpening, onFrame, onPacket, wantsKeyframe, onUnwantedKeyframe, onKeyframesFail } = this.#options;
    const generation = ++this.#generation;
    const current = (): boolean => generation === this.#generation;
    this.#firstFrameMs = undefined;
    onOpening();
    this.#wait(limitMs);
    const opened = this.#open(current, {
      onFrame: (data, info) => current() && onFrame(data, info),
      onPacket: (key) => current() && onPacket(key),
      onEnd: (trouble) => current() && this.replace(trouble, limitMs),
      wantsKeyframe: () => current() && wantsKeyframe(),
      onUnwantedKeyframe: () => current() && onUnwantedKeyframe(),
      onKeyframesFail: (retryMs) => current() && onKeyframesFail(retryMs),
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
    this.#retire(trouble.retryAtOnce === true || trouble.cause === 'decoder' ? 'keep' : 'reconnect');
    this.#patience = this.#options.clock.setTimeout(() => this.start(limitMs), waitMs);
  }

  /** Resolves when every process it started has ended. */
  async stop(): Promise<void> {
    this.#generation++;
    this.#patience?.cancel();
    await this.#opening;
    this.#retire('leave');
    this.#release('leave');
    await Promise.all(this.#retiring);
  }

  async #open(current: () => boolean, events: StreamProcessEvents): Promise<void> {
    await Promise.all(this.#retiring);
    if (!current()) return;
    const process = await this.#options.open(events);
    if (current()) {
      this.#process = process;
      this.#release('leave');
    } else {
      this.#end('leave', process);
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

  #retire(session: SessionEnd, process = this.#process): void {
    if (process === this.#process) {
      this.#process = undefined;
    }
    if (session === 'keep') {
      this.#holder = process ?? this.#holder;
    } else if (session === 'reconnect') {
      this.#release(session);
    }
    this.#end(session, process);
  }

  #release(session: SessionEnd): void {
    this.#end(session, this.#holder);
    this.#holder = undefined;
  }

  #end(session: SessionEnd, process: StreamProcess | undefined): void {
    const ending = process?.stop(session);
    if (ending === undefined) return;
    this.#retiring.add(ending);
    void ending.finally(() => this.#retiring.delete(ending));
  }
}
