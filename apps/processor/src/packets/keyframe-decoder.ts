import type { Clock, Timer } from '@vigilia/service';
import type { PictureInfo } from '../stream/ffmpeg-messages.ts';
import { DecoderProcess, type DecoderShape, type KeptTrack } from './decoder-process.ts';

/** A decoder that holds frames back until others come is given the keyframe again after this time, ms; then after twice as long each time. */
const repeatMs = 700;
/** H.264 and H.265 reorder up to 16 frames; cameras reorder two or three. */
const mostRepeats = 4;

export interface DecodedKeyframe {
  /** rgb24; valid until the next call of `decode`. */
  readonly data: Buffer;
  readonly picture: PictureInfo;
}

interface Request {
  /** Time stamp of its first packet: frames of earlier ones are not its own. */
  readonly firstTimestamp: number;
  resolve(frame: DecodedKeyframe): void;
  reject(error: Error): void;
}

/**
 * A persistent ffmpeg that decodes single keyframes, of any camera with the same codec and size, one at a time. A stream that may
 * reorder frames makes a decoder hold each of them back: it is given the keyframe again until its frame comes, and learns how often.
 */
export class KeyframeDecoder {
  readonly #clock: Clock;
  readonly #process: DecoderProcess;
  readonly #started: Promise<void>;
  #timestamp = 0;
  #repeats = 1;
  /** Frames that came after the one that was wanted: fewer repeats would do. */
  #surplus = 0;
  #request: Request | undefined;
  #timer: Timer | undefined;
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
      onEnd: ({ detail }) => this.#fail(new Error(`the decoder of keyframes ended: ${detail}`)),
    });
    this.#started = this.#process.start().then(() => this.#process.describe(track));
  }

  /** It ended, or gave no frame: another one is needed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Rejects when it gave no frame. One call at a time. */
  async decode(keyframe: Buffer): Promise<DecodedKeyframe> {
    await this.#started;
    if (this.#ended) throw new Error('the decoder of keyframes has ended');
    this.#repeats = Math.max(1, this.#repeats - this.#surplus);
    this.#surplus = 0;
    return new Promise((resolve, reject) => {
      this.#request = { firstTimestamp: this.#timestamp + 1, resolve, reject };
      for (let copy = 0; copy < this.#repeats; copy++) this.#write(keyframe);
      this.#repeatLater(keyframe, repeatMs);
    });
  }

  async stop(): Promise<void> {
    this.#ended = true;
    this.#fail(new Error('the decoder of keyframes was stopped'));
    await this.#started.catch(() => {});
    await this.#process.stop();
  }

  #write(data: Buffer): void {
    this.#timestamp++;
    this.#process.write({ data, key: true, timestamp: this.#timestamp });
  }

  #repeatLater(keyframe: Buffer, waitMs: number): void {
    this.#timer = this.#clock.setTimeout(() => {
      if (this.#repeats >= mostRepeats) {
        this.#fail(new Error('the decoder gave no frame for a keyframe'));
        return;
      }
      this.#repeats++;
      this.#write(keyframe);
      this.#repeatLater(keyframe, 2 * waitMs);
    }, waitMs);
  }

  #onFrame(data: Buffer, picture: PictureInfo): void {
    const request = this.#request;
    if (request === undefined) this.#surplus++;
    if (request === undefined || (picture.timestamp ?? 0) < request.firstTimestamp) return;
    this.#settle();
    request.resolve({ data, picture });
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
