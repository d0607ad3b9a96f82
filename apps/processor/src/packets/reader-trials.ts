import type { RtspError } from '../rtsp/rtsp-error.ts';
import type { OwnReaderTraits } from '../stream/camera-memory.ts';

/** So many empty sessions give the reader up: ffmpeg may do better. */
const mostEmptySessions = 2;

/**
 * Follows one session and decides whether the own reader is given up for its camera. It is where the camera sends what the reader does not
 * read, and where sessions stay empty; not where the camera is unreachable or refuses, as it would refuse ffmpeg.
 */
export class ReaderTrials {
  readonly #traits: OwnReaderTraits;
  #received = false;

  constructor(traits: OwnReaderTraits) {
    this.#traits = traits;
  }

  /** Something of the track came. */
  get received(): boolean {
    return this.#received;
  }

  packet(): void {
    this.#received = true;
    this.#traits.emptySessions = 0;
  }

  /** Returns why the reader is given up; undefined: it is not. */
  failed({ kind, message }: RtspError, described: boolean): string | undefined {
    if (kind === 'unsupported') {
      this.#traits.givenUp = true;
      return message;
    }
    return kind === 'closed' && described ? this.empty() : undefined;
  }

  /** The session ended, or was ended for its silence. Returns as `failed` does. */
  empty(): string | undefined {
    if (this.#received) return undefined;
    this.#traits.emptySessions++;
    this.#traits.givenUp ||= this.#traits.emptySessions >= mostEmptySessions;
    return this.#traits.givenUp ? 'the camera sends no packets to it' : undefined;
  }
}

/** ffmpeg received nothing either: the camera is at fault, and the reader is tried again. */
export function ffmpegFailed(traits: OwnReaderTraits): void {
  if (traits.emptySessions > 0) {
    traits.emptySessions = 0;
    traits.givenUp = false;
  }
}
