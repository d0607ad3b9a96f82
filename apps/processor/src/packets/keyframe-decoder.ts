import type { Clock, Timer } from '@vigilia/service';
import type { FrameInfo } from '../stream/ffmpeg-messages.ts';
import { DecoderProcess, type DecoderShape, type KeptTrack } from './decoder-process.ts';

/** A decoder that holds frames back is given the keyframe again after this time, ms; then after twice as long each time. */
const repeatMs = 700;
/** H.264 and H.265 reorder up to 16 frames; cameras reorder two or three. */
const mostRepeats = 3;
/** After its first frame, a decoder that was given several copies gives no more frames when this time has passed, ms. */
const lastCopyMs = 1500;
/** What a decoder that other rooms wait for may take, ms: 100 times what a frame of 1080p takes, as a busy machine needs. */
const limitMs = 5000;
/** What its start may take on a busy machine, until it has read the track's description, ms. */
const startLimitMs = 15_000;

/** What a decoder is given for one frame. */
export interface KeyframePackets {
  readonly keyframe: Buffer;
  /**
   * How often it is given again, where the camera reorders frames: as many frames as a decoder holds back. Undefined: that is found
   * out. The packets after the keyframe would not do: H.265 holds back fewer keyframes than others.
   */
  readonly copies: number | undefined;
}

export interface DecodedKeyframe {
  /** rgb24; valid until the next call of `decode`. */
  readonly data: Buffer;
  readonly picture: FrameInfo;
  /** Copies of the keyframe that were needed. */
  readonly heldBack: number;
}

interface Request {
  readonly packets: KeyframePackets;
  /** Time stamp of its first packet: frames of earlier ones are not its own. */
  readonly firstTimestamp: number;
  /** Frames that came of it. */
  frames: number;
  resolve(frame: DecodedKeyframe): void;
  reject(error: Error): void;
}

/** A persistent ffmpeg that decodes single keyframes, of any camera with the same codec and size, one at a time. */
export class KeyframeDecoder {
  readonly #clock: Clock;
  readonly #process: DecoderProcess;
  readonly #started: Promise<void>;
  #timestamp = 0;
  #request: Request | undefined;
  #timer: Timer | undefined;
  #startedMs = 0;
  #ended = false;

  constructor(options: DecoderShape & { readonly track: KeptTrack; readonly ffmpeg: string; readonly clock: Clock }) {
    const { ffmpeg, clock, track, view, width, height } = options;
    this.#clock = clock;
    this.#process = new DecoderProcess({
      ffmpeg,
      view,
      width,
      height,
      threads: 1,
      onFrame: (data, picture) => this.#onFrame(data, picture),
      onUndecodable: () => this.#onUndecodable(),
      onEnd: ({ detail }) => this.#fail(new Error(`the decoder of keyframes ended: ${detail}`)),
    });
    this.#startedMs = clock.monotonic();
    this.#started = this.#process.start().then(() => this.#process.describe(track));
    this.#started.catch((error: Error) => this.#fail(error));
  }

  /** It ended, or gave no frame: another one is needed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Rejects when it gave no frame. One call at a time. */
  async decode(packets: KeyframePackets): Promise<DecodedKeyframe> {
    await this.#started;
    if (this.#ended) throw new Error('the decoder of keyframes has ended');
    return new Promise((resolve, reject) => {
      this.#request = { packets, firstTimestamp: this.#timestamp + 1, frames: 0, resolve, reject };
      this.#write(packets.keyframe, true);
      for (let copy = 0; copy < (packets.copies ?? 0); copy++) {
        this.#write(packets.keyframe, true);
      }
      if (packets.copies === undefined) {
        this.#repeatLater(packets.keyframe, repeatMs);
      } else {
        this.#failLater();
      }
    });
  }

  async stop(): Promise<void> {
    this.#fail(new Error('the decoder of keyframes was stopped'));
    await this.#process.stop();
  }

  #write(data: Buffer, key: boolean): void {
    this.#timestamp++;
    this.#process.write({ data, key, timestamp: this.#timestamp });
  }

  #failLater(): void {
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#isStarting()) {
        this.#failLater();
      } else {
        this.#fail(noFrame());
      }
    }, limitMs);
  }

  /** A machine that is short of CPU time takes seconds to start a process: that does not show that a keyframe gives no frame. */
  #isStarting(): boolean {
    return !this.#process.opened && this.#clock.monotonic() - this.#startedMs < startLimitMs;
  }

  #repeatLater(keyframe: Buffer, waitMs: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#isStarting()) {
        this.#repeatLater(keyframe, waitMs);
        return;
      }
      const repeats = this.#timestamp - (this.#request?.firstTimestamp ?? 0);
      if (repeats >= mostRepeats) {
        this.#fail(noFrame());
        return;
      }
      this.#write(keyframe, true);
      this.#repeatLater(keyframe, 2 * waitMs);
    }, waitMs);
  }

  /** The frames of copies come later, mostly with the next keyframe. */
  #onFrame(data: Buffer, picture: FrameInfo): void {
    const request = this.#request;
    if (request === undefined || !picture.key || (picture.timestamp ?? 0) < request.firstTimestamp) return;
    request.frames++;
    const written = this.#timestamp - request.firstTimestamp + 1;
    if (request.packets.copies !== undefined || written === 1) {
      this.#settle();
      request.resolve({ data, picture, heldBack: written - 1 });
    } else if (request.frames === 1) {
      this.#resolveLater(request, { data: Buffer.from(data), picture });
    }
  }

  /** A slow machine was given more copies than were needed: those give frames, too. */
  #resolveLater(request: Request, frame: Pick<DecodedKeyframe, 'data' | 'picture'>): void {
    this.#timer?.cancel();
    this.#timer = this.#clock.setTimeout(() => {
      const { data, picture } = frame;
      const written = this.#timestamp - request.firstTimestamp + 1;
      this.#settle();
      request.resolve({ data, picture, heldBack: written - request.frames });
    }, lastCopyMs);
  }

  #onUndecodable(): void {
    const request = this.#request;
    this.#settle();
    request?.reject(noFrame());
  }

  #fail(error: Error): void {
    this.#ended = true;
    const request = this.#request;
    this.#settle();
    request?.reject(error);
  }

  #settle(): void {
    this.#timer?.cancel();
    this.#request = undefined;
  }
}

function noFrame(): Error {
  return new Error('the decoder gave no frame for a keyframe');
}
