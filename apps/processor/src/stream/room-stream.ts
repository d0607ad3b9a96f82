import { CommandError } from '@vigilia/protocol';
import { type Backoff, type Clock, createBackoff, type Logger, redactUrl, type Timer } from '@vigilia/service';
import type { Frame, RoomStream, StreamSpec } from '../watch/ports.ts';
import { ArrivalInterval } from './arrival-interval.ts';
import type { Trouble } from './ffmpeg-messages.ts';
import { FrameWaiters } from './frame-waiters.ts';
import { FrozenDetector } from './frozen-detector.ts';
import { KeptProcess, type StreamProcess, type StreamProcessEvents } from './kept-process.ts';

export interface FfmpegRoomStreamOptions {
  readonly spec: StreamSpec;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Starts an ffmpeg for the spec. Rejects where the address can never be opened. */
  readonly open: (spec: StreamSpec, events: StreamProcessEvents) => Promise<StreamProcess>;
  readonly backoff?: Backoff;
}

type Listener = Parameters<RoomStream['listen']>[0];
type Blindness = NonNullable<ReturnType<RoomStream['blind']>>;

/** Least patience with a camera that gives no picture, ms. */
const silenceMs = 10_000;

/** As long as a first interval between key frames is waited for, ms. */
const sparseKeyframesMs = 30_000;

/** A room's ffmpeg, kept alive, and its newest picture. Watches what comes *out*: a process that lives may still be blind. */
export class FfmpegRoomStream implements RoomStream {
  readonly spec: StreamSpec;
  private readonly options: FfmpegRoomStreamOptions;
  private readonly interval = new ArrivalInterval();
  private readonly frozen: FrozenDetector;
  private readonly waiters = new FrameWaiters();
  private readonly process: KeptProcess;
  private listener: Listener;
  /** From the last picture, through all restarts: when it runs out the room is blind. */
  private sight: Timer | undefined;
  private frame: Frame | undefined;
  private sequence = 0;
  private trouble: Trouble | undefined;
  private blindness: Blindness | undefined;
  private started = false;
  private stopped: Promise<void> | undefined;

  constructor(options: FfmpegRoomStreamOptions) {
    this.options = options;
    this.spec = options.spec;
    this.frozen = new FrozenDetector({ afterMs: options.spec.frozenAfterSeconds * 1000 });
    this.process = new KeptProcess({
      clock: options.clock,
      backoff: options.backoff ?? createBackoff({ minMs: 1000, maxMs: 30_000, jitter: 0.2 }),
      open: (events) => options.open(options.spec, events),
      onOpening: () => this.interval.interrupted(),
      onFrame: (data, picture) => this.onFrame(data, picture),
      onKeyframe: () => this.onKeyframe(),
      onTrouble: (trouble, waitMs) => this.onTrouble(trouble, waitMs),
    });
  }

  start(): void {
    if (this.started || this.stopped !== undefined) return;
    this.started = true;
    this.setBlind({ cause: 'starting', sinceMs: this.options.clock.now() });
    this.watchSight();
    this.process.start(silenceMs);
  }

  newest(): Frame | undefined {
    return this.frame;
  }

  blind(): Blindness | undefined {
    return this.blindness;
  }

  keyframeIntervalMs(): number | undefined {
    return this.interval.ms;
  }

  /** Of the ffmpeg that runs now. */
  get pid(): number | undefined {
    return this.process.pid;
  }

  listen(listener: Listener): void {
    this.listener = listener;
  }

  async firstFrame(signal: AbortSignal): Promise<Frame> {
    if (this.frame !== undefined) return this.frame;
    if (this.trouble?.final) throw this.unreachable();
    return this.waiters.wait(signal, () => this.unreachable());
  }

  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async end(): Promise<void> {
    this.sight?.cancel();
    this.waiters.reject(this.unreachable());
    await this.process.stop();
  }

  /** In full decode; among key frames alone every picture counts, also where a decoder does not mark it. */
  private onKeyframe(): void {
    if (this.spec.decode === 'full') this.interval.arrived(this.options.clock.monotonic());
  }

  private onFrame(data: Buffer, source: { readonly width: number; readonly height: number }): void {
    const { clock } = this.options;
    const monotonicMs = clock.monotonic();
    const { sourceId, width, height } = this.spec;
    if (this.spec.decode === 'keyframes') this.interval.arrived(monotonicMs);
    this.sequence++;
    this.frame = { sourceId, data, width, height, source, sequence: this.sequence, wallMs: clock.now(), monotonicMs };
    this.trouble = undefined;
    // until a second key frame came nobody knows how long to wait for it; ending ffmpeg would keep it so
    const unmeasured = this.spec.decode === 'keyframes' && this.interval.ms === undefined;
    this.process.shown(unmeasured ? sparseKeyframesMs : this.limitMs());
    this.watchSight();
    if (this.frozen.observe(data, monotonicMs)) this.onFrozen();
    else this.onLiveFrame(this.frame);
  }

  private onLiveFrame(frame: Frame): void {
    this.setBlind(undefined);
    this.waiters.resolve(frame);
    this.listener?.frame(frame);
  }

  /** A stuck picture often comes loose with a new connection: one is tried. */
  private onFrozen(): void {
    if (this.blindness?.cause === 'frozen') return;
    const seconds = this.spec.frozenAfterSeconds;
    const detail = `the picture has not changed for ${seconds} s`;
    this.setBlind({ cause: 'frozen', sinceMs: this.options.clock.now() - seconds * 1000, detail });
    this.process.replace({ cause: 'frozen', detail, final: false }, silenceMs);
  }

  private onTrouble(trouble: Trouble, waitMs: number): void {
    this.trouble = trouble;
    // a room that was seeing stays so until its time is up: most restarts take a second
    if (this.blindness !== undefined || trouble.cause === 'silent') this.tellTrouble(trouble);
    if (trouble.final) this.waiters.reject(this.unreachable());
    const { sourceId } = this.spec;
    const { cause, detail } = trouble;
    const fields = { event: 'stream_restarting', source_id: sourceId, cause, detail, wait_ms: Math.round(waitMs) };
    this.options.logger.warn(fields, 'stream restarting');
  }

  /** No picture for three key frame intervals or 10 s, whatever the rate at which the room is analysed. */
  private limitMs(): number {
    return Math.max(3 * (this.interval.ms ?? 0), silenceMs);
  }

  private watchSight(): void {
    this.sight?.cancel();
    const limit = this.limitMs();
    const silence: Trouble = { cause: 'silent', detail: `no picture for ${Math.round(limit / 1000)} s`, final: false };
    this.sight = this.options.clock.setTimeout(() => {
      const unreached: Trouble = { ...silence, cause: this.process.opened ? 'silent' : 'unreachable' };
      this.tellTrouble(this.trouble ?? unreached);
    }, limit);
  }

  private tellTrouble({ cause, detail }: Trouble): void {
    const sinceMs = this.blindness?.sinceMs ?? this.frame?.wallMs ?? this.options.clock.now();
    this.setBlind({ cause, detail, sinceMs });
  }

  private setBlind(blindness: Blindness | undefined): void {
    const before = this.blindness;
    if (before?.cause === blindness?.cause && before?.detail === blindness?.detail) return;
    this.blindness = blindness;
    this.listener?.blindness();
  }

  private unreachable(): CommandError {
    const reason =
      this.trouble?.detail ?? this.blindness?.detail ?? (this.process.opened ? 'no picture came' : 'it did not answer');
    const message = `Room ${this.spec.sourceId} has no picture: ${redactUrl(reason)}.`;
    return new CommandError('stream_unreachable', message, { field: 'source_id' });
  }
}
