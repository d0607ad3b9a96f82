import { CommandError } from '@vigilia/protocol';
import { type Backoff, type Clock, createBackoff, type Logger, redactUrl, type Timer } from '@vigilia/service';
import { displayedSize, type EncodedFrame } from '@vigilia/vision';
import { ArrivalInterval } from './arrival-interval.ts';
import type { Blindness } from './blindness.ts';
import { type CameraTraits, newCameraTraits, usualProbeMs } from './camera-memory.ts';
import type { Trouble } from './ffmpeg-messages.ts';
import type { SentFrame } from './ffmpeg-process.ts';
import type { Frame } from './frame.ts';
import { FrameDemand } from './frame-demand.ts';
import { FrameWaiters } from './frame-waiters.ts';
import { FrozenDetector } from './frozen-detector.ts';
import { Reception } from './reception.ts';
import {
  type PastRequest,
  RestartingProcess,
  type SessionCamera,
  type StreamProcess,
  type StreamProcessEvents,
} from './restarting-process.ts';
import type { StreamSpec } from './stream-spec.ts';

export interface FfmpegRoomStreamOptions {
  readonly spec: StreamSpec;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Starts an ffmpeg for the spec. Rejects where the address can never be opened. */
  readonly open: (spec: StreamSpec, events: StreamProcessEvents) => Promise<StreamProcess>;
  readonly backoff?: Backoff;
  /** What is known of the camera, shared by all streams of its address. */
  readonly camera?: CameraTraits;
}

export interface StreamListener {
  /** A frame came; it is the newest. */
  frame(frame: Frame): void;
  /** What `blind` returns changed. */
  blindness(): void;
}

/** What others may ask of a room's stream; tests replace it. */
export type RoomStream = Omit<FfmpegRoomStream, 'encoded' | 'pid'>;

/** Least patience with a camera that sends nothing, ms. */
const silenceMs = 10_000;

/** A camera that sends, but gives no frame for this long, is opened anew: longer than any usual group of pictures, ms. */
const barrenLimitMs = 300_000;

/**
 * A room's ffmpeg, kept alive, and its newest frame. It judges by what comes *out*, because a process that lives may still be blind.
 * Restarts its process with growing pauses; never throws after `start`.
 */
export class FfmpegRoomStream {
  readonly #options: FfmpegRoomStreamOptions;
  readonly #camera: CameraTraits;
  readonly #interval = new ArrivalInterval();
  readonly #frozen: FrozenDetector;
  readonly #waiters = new FrameWaiters();
  readonly #demand = new FrameDemand();
  readonly #process: RestartingProcess;
  #listener: StreamListener | undefined;
  #current: StreamSpec;
  #reception = new Reception();
  #encodedFrame: EncodedFrame | undefined;
  /** From the last frame, through all restarts: when it runs out the room is blind. */
  #sight: Timer | undefined;
  #frame: Frame | undefined;
  #sequence = 0;
  #trouble: Trouble | undefined;
  #blindness: Blindness | undefined;
  #startedMs = 0;
  #started = false;
  #stopped: Promise<void> | undefined;

  constructor(options: FfmpegRoomStreamOptions) {
    this.#options = options;
    this.#current = options.spec;
    this.#camera = options.camera ?? newCameraTraits();
    this.#frozen = new FrozenDetector({ afterMs: options.spec.frozenAfterSeconds * 1000 });
    this.#process = new RestartingProcess({
      clock: options.clock,
      backoff: options.backoff ?? createBackoff({ minMs: 1000, maxMs: 30_000, jitter: 0.2 }),
      open: (events) => options.open(this.#current, events),
      onOpening: () => this.#onOpening(),
      onFrame: (data, info) => this.#onFrame(data, info),
      onPacket: (key) => this.#onPacket(key),
      wantsKeyframe: () => this.#wantsKeyframe(),
      onUnwantedKeyframe: () => this.#onUnwantedKeyframe(),
      onKeyframesFail: (retryMs) => this.#onKeyframesFail(retryMs),
      onTrouble: (trouble, waitMs) => this.#onTrouble(trouble, waitMs),
    });
  }

  start(): void {
    if (this.#started || this.#stopped !== undefined) return;
    this.#started = true;
    this.#startedMs = this.#options.clock.monotonic();
    this.#setBlind({ cause: 'starting', sinceMs: this.#options.clock.now() });
    this.#watchSight();
    this.#process.start(this.#openingLimitMs());
  }

  /** What it does now: `decode` is `full` once keyframes alone gave no frame. */
  get spec(): StreamSpec {
    return this.#current;
  }

  /** The newest frame as the camera encodes it. */
  get encoded(): EncodedFrame | undefined {
    return this.#encodedFrame;
  }

  /** The camera sends, whether or not it can be decoded yet: the first frame may still come (a long group of pictures). */
  receiving(): boolean {
    return this.#reception.receiving(this.#options.clock.monotonic());
  }

  /** The newest frame, whether or not it was analysed; undefined before the first. */
  newest(): Frame | undefined {
    return this.#frame;
  }

  /** undefined while frames come. */
  blind(): Blindness | undefined {
    return this.#blindness;
  }

  /**
   * Measured time between keyframes, ms; undefined until two were seen or in full decode without the figure; Infinity where
   * no keyframe can be decoded alone, or where that is not tried for a while.
   */
  keyframeIntervalMs(): number | undefined {
    const { keyframesUndecodable, keyframeTrust } = this.#camera;
    const isUseless = keyframesUndecodable || keyframeTrust.isLost(this.#options.clock.monotonic());
    return isUseless ? Number.POSITIVE_INFINITY : this.#interval.ms;
  }

  /** Of the ffmpeg that runs now. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Whether a stream of this camera, opened beside this one, needs no second session at the camera. */
  sharesSession(camera: SessionCamera): boolean {
    return this.#process.sharesSession(camera);
  }

  /** Frames that the camera sent and that were not decoded, oldest first; undefined where its packets are not kept. */
  past(request: PastRequest): AsyncIterable<Frame> | undefined {
    return this.#process.past(request);
  }

  /** How often a frame is analysed, ms: more keyframes are not decoded where that can be avoided. Default: all are. */
  wantEvery(intervalMs: number): void {
    this.#demand.setInterval(intervalMs);
  }

  /** A frame is wanted now: the newest keyframe that was kept and not shown, or else the next one. */
  wantNow(): void {
    this.#demand.setDueNow();
    this.#process.showNewest();
  }

  /** There is one listener: the room. */
  listen(listener: StreamListener | undefined): void {
    this.#listener = listener;
  }

  /** Resolves with the first frame; rejects on abort (the limit is the caller's, by its signal). The stream itself lives on. */
  async firstFrame(signal: AbortSignal): Promise<Frame> {
    if (this.#frame !== undefined) return this.#frame;
    if (this.#trouble?.final) throw this.#unreachable();
    return this.#waiters.wait(signal, () => this.#unreachable());
  }

  /** Idempotent; resolves when the process has ended. */
  stop(): Promise<void> {
    this.#stopped ??= this.#end();
    return this.#stopped;
  }

  async #end(): Promise<void> {
    this.#sight?.cancel();
    this.#waiters.reject(this.#unreachable());
    await this.#process.stop();
  }

  #onOpening(): void {
    this.#interval.interrupted();
    this.#reception = new Reception();
  }

  #onPacket(key: boolean): void {
    const nowMs = this.#options.clock.monotonic();
    this.#reception.packet(key, nowMs);
    this.#process.heard(this.#limitMs());
    if (this.#current.decode === 'keyframes' && this.#current.mayDecodeAll) {
      this.#leaveKeyframes(nowMs);
    }
    if (this.#reception.barrenMs(nowMs) >= barrenLimitMs) {
      this.#process.replace(this.#noFrame(nowMs), this.#openingLimitMs());
    }
  }

  /** Where keyframes alone give no frame, every frame is decoded from now on. */
  #leaveKeyframes(nowMs: number): void {
    const failure = this.#reception.keyframesFail(nowMs, this.#camera.keyframeIntervalMs);
    if (failure === undefined) return;
    if (failure === 'undecodable') {
      this.#camera.keyframesUndecodable = true;
    }
    this.#decodeAll(this.#noFrame(nowMs));
  }

  #decodeAll({ cause, detail }: Trouble): void {
    this.#current = { ...this.#current, decode: 'full' };
    this.#process.replace({ cause, detail, final: false, retryAtOnce: true }, this.#openingLimitMs());
  }

  /** Every frame is decoded then, unless keyframes alone were asked for. */
  #onKeyframesFail(retryMs: number): void {
    const { sourceId, mayDecodeAll } = this.#current;
    const fields = { event: 'keyframes_given_up', source_id: sourceId, retry_in_s: Math.round(retryMs / 1000) };
    this.#options.logger.warn(fields, 'keyframes of this camera cannot be decoded one at a time');
    if (mayDecodeAll) {
      this.#decodeAll({ cause: 'decoder', detail: 'keyframes cannot be decoded one at a time', final: false });
    }
  }

  /** A room that is blind, or that no frame has shown yet, wants each keyframe. */
  #wantsKeyframe(): boolean {
    const { clock } = this.#options;
    return (
      this.#blindness !== undefined ||
      this.#frame === undefined ||
      this.#demand.due(clock.monotonic(), this.#interval.ms ?? 0)
    );
  }

  /** It counts as seen: the last keyframe that was wanted was decoded, and this one came in time. */
  #onUnwantedKeyframe(): void {
    const nowMs = this.#options.clock.monotonic();
    this.#reception.frame(nowMs);
    this.#noteInterval(true, nowMs);
    this.#process.shown(this.#limitMs());
    this.#watchSight();
  }

  #onFrame(data: Buffer, info: SentFrame): void {
    const { clock } = this.#options;
    const nowMs = clock.monotonic();
    const monotonicMs = info.receivedMs ?? nowMs;
    const { sourceId, width, height, decode, view } = this.#current;
    if (decode === 'full' && this.#reception.smeared(info, monotonicMs)) return;
    this.#reception.frame(monotonicMs);
    this.#noteInterval(info.key, monotonicMs);
    this.#sequence++;
    this.#encodedFrame = info;
    const displayed = displayedSize(info, view);
    const wallMs = clock.now() - (nowMs - monotonicMs);
    this.#frame = { sourceId, data, width, height, displayed, sequence: this.#sequence, wallMs, monotonicMs };
    this.#demand.served(monotonicMs);
    this.#trouble = undefined;
    this.#process.shown(this.#limitMs());
    this.#watchSight();
    if (this.#frozen.observe(data, monotonicMs)) {
      this.#onFrozen();
    } else {
      this.#onLiveFrame(this.#frame);
    }
  }

  /** Among keyframes alone every frame counts, also where a decoder does not mark it. */
  #noteInterval(key: boolean, monotonicMs: number): void {
    if (key || this.#current.decode === 'keyframes') {
      this.#interval.arrived(monotonicMs);
    }
    this.#camera.keyframeIntervalMs = this.#interval.ms ?? this.#camera.keyframeIntervalMs;
  }

  #onLiveFrame(frame: Frame): void {
    this.#setBlind(undefined);
    this.#waiters.resolve(frame);
    this.#listener?.frame(frame);
  }

  /** A stuck frame often comes loose with a new connection: one is tried. */
  #onFrozen(): void {
    if (this.#blindness?.cause === 'frozen') return;
    const seconds = this.spec.frozenAfterSeconds;
    const detail = `the picture has not changed for ${seconds} s`;
    this.#setBlind({ cause: 'frozen', sinceMs: this.#options.clock.now() - seconds * 1000, detail });
    this.#process.replace({ cause: 'frozen', detail, final: false }, this.#openingLimitMs());
  }

  #onTrouble(trouble: Trouble, waitMs: number): void {
    this.#trouble = trouble;
    // a room that was seeing stays so until its time is up: most restarts take a second
    const news = this.#blindness !== undefined || trouble.cause === 'silent';
    if (news && trouble.retryAtOnce !== true) {
      this.#tellTrouble(trouble);
    }
    if (trouble.final) {
      this.#waiters.reject(this.#unreachable());
    }
    const { sourceId } = this.spec;
    const { cause, detail } = trouble;
    const fields = { event: 'stream_restarting', source_id: sourceId, cause, detail, wait_ms: Math.round(waitMs) };
    this.#options.logger.warn(fields, 'stream restarting');
  }

  /** No frame for three keyframe intervals or 10 s, whatever the rate at which the room is analysed. */
  #limitMs(): number {
    return Math.max(3 * (this.#interval.ms ?? 0), silenceMs);
  }

  /** ffmpeg may take its time to find out the size of the frame. */
  #openingLimitMs(): number {
    return silenceMs + this.#camera.probeMs - usualProbeMs;
  }

  #watchSight(): void {
    this.#sight?.cancel();
    const limitMs = this.#limitMs();
    this.#sight = this.#options.clock.setTimeout(() => this.#onNoFrame(limitMs), limitMs);
  }

  /** The time has run out; what is reported of a camera that sends is kept up to date. */
  #onNoFrame(limitMs: number): void {
    if (this.#sendsInVain()) {
      this.#tellTrouble(this.#noFrame(this.#options.clock.monotonic()));
      this.#sight = this.#options.clock.setTimeout(() => this.#onNoFrame(limitMs), limitMs);
      return;
    }
    const detail = `no picture for ${Math.round(limitMs / 1000)} s`;
    this.#tellTrouble(
      this.#trouble ?? { cause: this.#process.opened ? 'silent' : 'unreachable', detail, final: false },
    );
  }

  /** It sends packets, or has been found to send no data from which the frame size follows. */
  #sendsInVain(): boolean {
    const unsized = this.#camera.probeMs > usualProbeMs && this.#trouble?.cause !== 'unreachable';
    return this.receiving() || unsized;
  }

  #noFrame(nowMs: number): Trouble {
    const seconds = Math.round((nowMs - (this.#frame?.monotonicMs ?? this.#startedMs)) / 1000);
    return { cause: 'no_keyframe', detail: `the camera sends, but no keyframe for ${seconds} s`, final: false };
  }

  #tellTrouble({ cause, detail }: Trouble): void {
    const sinceMs = this.#blindness?.sinceMs ?? this.#frame?.wallMs ?? this.#options.clock.now();
    this.#setBlind({ cause, detail, sinceMs });
  }

  #setBlind(blindness: Blindness | undefined): void {
    const before = this.#blindness;
    if (before?.cause === blindness?.cause && before?.detail === blindness?.detail) return;
    this.#blindness = blindness;
    this.#listener?.blindness();
  }

  #unreachable(): CommandError {
    const reason =
      this.#trouble?.detail ??
      this.#blindness?.detail ??
      (this.#process.opened ? 'no picture came' : 'it did not answer');
    const message = `Room ${this.spec.sourceId} has no picture: ${redactUrl(reason)}.`;
    return new CommandError('stream_unreachable', message, { field: 'source_id' });
  }
}
