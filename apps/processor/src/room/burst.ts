import type { RoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import type { RoomFrames } from './room-frames.ts';

export interface BurstRequest {
  readonly fps: number;
  /** Counted from the first frame of what is opened for it, and from `lateSeconds` after the request at the latest. */
  readonly seconds: number;
  readonly lateSeconds: number;
}

/** A room being looked at more closely for a while. Where key frames are too sparse for it, full decode is opened beside them. */
export class Burst {
  readonly #source: RoomFrames;
  readonly #openStream: (spec: StreamSpec) => RoomStream;
  readonly #singleSession: boolean;
  #request: BurstRequest | undefined;
  /** Monotonic ms; while the stream beside opens: the latest beginning. */
  #beganMs = 0;
  #opening = false;

  constructor(options: {
    readonly source: RoomFrames;
    readonly openStream: (spec: StreamSpec) => RoomStream;
    /** The camera refuses a second session. */
    readonly singleSession: boolean;
  }) {
    this.#source = options.source;
    this.#openStream = options.openStream;
    this.#singleSession = options.singleSession;
  }

  /** undefined while there is none. */
  get current(): BurstRequest | undefined {
    return this.#request;
  }

  /** Begins or prolongs it; monotonic ms. */
  begin(request: BurstRequest, nowMs: number): void {
    this.#request = request;
    this.#beganMs = nowMs;
    this.#opening = false;
    const { stream, burstStream } = this.#source;
    const enough = stream.spec.decode === 'full' || (stream.keyframeIntervalMs() ?? Infinity) <= 1000 / request.fps;
    const refused = this.#singleSession && !stream.sharesSession(stream.spec);
    if (enough || burstStream !== undefined || refused) return;
    this.#opening = true;
    this.#beganMs += request.lateSeconds * 1000;
    const extra = this.#openStream({ ...stream.spec, decode: 'full' });
    this.#source.startBurst(extra);
    extra.start();
  }

  /** True when it ended by this look. */
  expire(nowMs: number): boolean {
    if (this.#request === undefined) return false;
    this.#noteOpened();
    if (nowMs < this.#beganMs + this.#request.seconds * 1000) return false;
    void this.end();
    return true;
  }

  /** The time it took to open does not come off the burst: that is when the person is on the floor. */
  #noteOpened(): void {
    const first = this.#opening ? this.#source.burstStream?.newest() : undefined;
    if (first === undefined) return;
    this.#opening = false;
    this.#beganMs = Math.min(this.#beganMs, first.monotonicMs);
  }

  /** Resolves when the stream beside has ended. */
  async end(): Promise<void> {
    this.#request = undefined;
    await this.#source.endBurst()?.stop();
  }
}
