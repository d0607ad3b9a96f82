import type { Clock } from '@vigilia/service';
import type { DecoderShape, KeptTrack } from './decoder-process.ts';
import { type DecodedKeyframe, KeyframeDecoder, type KeyframePackets } from './keyframe-decoder.ts';

/** Trials that run at once: each is a process that starts and ends. */
const mostTrials = 4;
/** A decoder that was not used for this long belongs to a shape that no room has any more, ms: rooms decode every ten seconds. */
const unusedMs = 60_000;

/** A decoder that rooms of one shape share. */
interface Place {
  decoder: KeyframeDecoder;
  /** It gets no other decoder. */
  closed: boolean;
  waiting: number;
  usedMs: number;
  /** Resolves when the last of those who wait is served. */
  tail: Promise<unknown>;
}

export interface KeyframeRequest extends DecoderShape, KeyframePackets {
  readonly track: KeptTrack;
}

/**
 * The decoders that rooms share: one for each codec, size and number of packets that are held back. There are never more of them than
 * rooms, so that rooms of different shapes do not take the decoder from each other; each takes about 50 MB for 1080p. A trial has a
 * decoder of its own, so that other rooms need not wait for it; one that succeeds becomes the shared decoder where there is none.
 */
export class KeyframeDecoders {
  readonly #options: { readonly ffmpeg: string; readonly clock: Clock };
  /** In the order of their last use. */
  readonly #places = new Map<string, Place>();
  readonly #trials = new Set<KeyframeDecoder>();
  /** Trials that wait for another one to end. */
  readonly #waitingTrials: (() => void)[] = [];
  readonly #ending = new Set<Promise<void>>();
  #users = 0;

  constructor(options: { readonly ffmpeg: string; readonly clock: Clock }) {
    this.#options = options;
  }

  /** A room begins to use them. */
  join(): void {
    this.#users++;
  }

  /** Without a room that uses them they end; resolves when those that are to end have ended. */
  async leave(): Promise<void> {
    this.#users--;
    this.#closeSpare(this.#users);
    if (this.#users > 0) return;
    for (const decoder of this.#trials) {
      this.#end(decoder);
    }
    for (const start of this.#waitingTrials.splice(0)) {
      start();
    }
    await Promise.all(this.#ending);
  }

  /** Resolves with a copy of the frame; rejects when the keyframe gave none. Requests of equal shape are served one after the other. */
  async decode(request: KeyframeRequest): Promise<DecodedKeyframe> {
    this.#checkUsed();
    if (request.copies === undefined) return this.#try(request);
    const place = await this.#placeOf(request);
    const decoded = place.tail.then(() => this.#run(place, request));
    place.tail = decoded.catch(() => {}).finally(() => place.waiting--);
    return decoded;
  }

  async #try(request: KeyframeRequest): Promise<DecodedKeyframe> {
    while (this.#trials.size >= mostTrials) {
      await new Promise<void>((resolve) => this.#waitingTrials.push(resolve));
    }
    this.#checkUsed();
    const decoder = this.#newDecoder(request);
    this.#trials.add(decoder);
    try {
      const frame = copyOf(await decoder.decode(request));
      this.#adopt(decoder, placeKey(request, frame.heldBack));
      return frame;
    } catch (error) {
      this.#end(decoder);
      throw error;
    } finally {
      this.#trials.delete(decoder);
      this.#waitingTrials.shift()?.();
    }
  }

  /** A decoder that works need not be started again. */
  #adopt(decoder: KeyframeDecoder, key: string): void {
    if (this.#places.has(key) || this.#places.size >= this.#users) {
      this.#end(decoder);
    } else {
      this.#places.set(key, this.#newPlace(decoder));
    }
  }

  async #run(place: Place, request: KeyframeRequest): Promise<DecodedKeyframe> {
    if (place.closed) throw notUsed();
    if (place.decoder.ended) {
      place.decoder = this.#newDecoder(request);
    }
    place.usedMs = this.#options.clock.monotonic();
    try {
      return copyOf(await place.decoder.decode(request));
    } finally {
      if (place.decoder.ended) {
        this.#end(place.decoder);
      }
    }
  }

  async #placeOf(request: KeyframeRequest): Promise<Place> {
    const key = placeKey(request, request.copies ?? 0);
    this.#closeSpare(this.#users);
    while (!this.#places.has(key) && !this.#closeSpare(this.#users - 1)) {
      await Promise.race([...this.#places.values()].map(({ tail }) => tail));
      this.#checkUsed();
    }
    const place = this.#places.get(key) ?? this.#newPlace(this.#newDecoder(request));
    this.#places.delete(key);
    this.#places.set(key, place);
    // here, not by the caller: a place that waits for its first request must not make room for another
    place.waiting++;
    return place;
  }

  /** Closes those that no room uses any more, and the ones that were not used for the longest time until `most` are left. Returns whether that many are. */
  #closeSpare(most: number): boolean {
    const nowMs = this.#options.clock.monotonic();
    for (const [key, place] of this.#places) {
      const isSpare = this.#places.size > most || nowMs - place.usedMs > unusedMs;
      if (isSpare && (place.waiting === 0 || this.#users === 0)) {
        this.#places.delete(key);
        place.closed = true;
        this.#end(place.decoder);
      }
    }
    return this.#places.size <= most;
  }

  #newDecoder({ track, view, width, height }: KeyframeRequest): KeyframeDecoder {
    const { ffmpeg, clock } = this.#options;
    return new KeyframeDecoder({ ffmpeg, clock, track, view, width, height });
  }

  #newPlace(decoder: KeyframeDecoder): Place {
    return {
      decoder,
      closed: false,
      waiting: 0,
      usedMs: this.#options.clock.monotonic(),
      tail: Promise.resolve(),
    };
  }

  #end(decoder: KeyframeDecoder): void {
    const ending = decoder.stop();
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }

  #checkUsed(): void {
    if (this.#users === 0) throw notUsed();
  }
}

function placeKey({ track, view, width, height }: KeyframeRequest, heldBack: number): string {
  return JSON.stringify([track, view, width, height, heldBack]);
}

/** The decoder uses its buffer again. */
function copyOf({ data, picture, heldBack }: DecodedKeyframe): DecodedKeyframe {
  return { data: Buffer.from(data), picture, heldBack };
}

function notUsed(): Error {
  return new Error('no room uses the decoders of keyframes');
}
