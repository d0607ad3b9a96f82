import type { Clock } from '@vigilia/service';
import type { DecoderShape, KeptTrack } from './decoder-process.ts';
import { type DecodedKeyframe, KeyframeDecoder, type KeyframePackets } from './keyframe-decoder.ts';

/** Decoders that run at once; each takes about 50 MB for 1080p. */
const mostDecoders = 4;

interface Place {
  decoder: KeyframeDecoder;
  /** Its decoder was ended for good: it gets no other one. */
  closed: boolean;
  waiting: number;
  /** Resolves when the last of those who wait is served. */
  tail: Promise<unknown>;
}

export interface KeyframeRequest extends DecoderShape, KeyframePackets {
  readonly sourceId: number;
  readonly track: KeptTrack;
}

/**
 * The decoders that rooms share: one for each codec, size and number of packets that are held back. A room whose camera is not known
 * yet, or whose last keyframe gave no frame, has one of its own for the trial, so that others need not wait for it. The one that was
 * not used for the longest time makes room for another.
 */
export class KeyframeDecoders {
  readonly #options: { readonly ffmpeg: string; readonly clock: Clock };
  /** In the order of their last use. */
  readonly #places = new Map<string, Place>();
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
    if (this.#users > 0) return;
    for (const key of [...this.#places.keys()]) {
      this.#close(key);
    }
    await Promise.all(this.#ending);
  }

  /** Resolves with a copy of the frame; rejects when the keyframe gave none. Requests of equal shape are served one after the other. */
  async decode(request: KeyframeRequest): Promise<DecodedKeyframe> {
    if (this.#users === 0) throw new Error('no room uses the decoders');
    const key = placeKey(request);
    const place = await this.#placeOf(key, request);
    const decoded = place.tail.then(() => this.#run(place, request));
    place.tail = decoded
      .then(() => {
        if (request.trial) {
          this.#close(key);
        }
      })
      .catch(() => {})
      .finally(() => place.waiting--);
    return decoded;
  }

  async #run(place: Place, request: KeyframeRequest): Promise<DecodedKeyframe> {
    if (place.closed) throw new Error('no room uses the decoders any more');
    if (place.decoder.ended) {
      place.decoder = this.#newDecoder(request);
    }
    try {
      const { data, picture, heldBack } = await place.decoder.decode(request);
      return { data: Buffer.from(data), picture, heldBack };
    } finally {
      if (place.decoder.ended) {
        this.#end(place.decoder);
      }
    }
  }

  async #placeOf(key: string, request: KeyframeRequest): Promise<Place> {
    for (let place = this.#places.get(key); ; place = this.#places.get(key)) {
      if (place !== undefined || this.#places.size < mostDecoders) {
        const used = place ?? {
          decoder: this.#newDecoder(request),
          closed: false,
          waiting: 0,
          tail: Promise.resolve(),
        };
        this.#places.delete(key);
        this.#places.set(key, used);
        // here, not by the caller: a place that waits for its first request must not make room for another
        used.waiting++;
        return used;
      }
      await this.#makeRoom();
      if (this.#users === 0) throw new Error('no room uses the decoders any more');
    }
  }

  async #makeRoom(): Promise<void> {
    const idle = [...this.#places].find(([, { waiting }]) => waiting === 0);
    if (idle === undefined) {
      await Promise.race([...this.#places.values()].map(({ tail }) => tail));
      return;
    }
    this.#close(idle[0]);
    await Promise.all(this.#ending);
  }

  #newDecoder({ track, view, width, height }: KeyframeRequest): KeyframeDecoder {
    const { ffmpeg, clock } = this.#options;
    return new KeyframeDecoder({ ffmpeg, clock, track, view, width, height });
  }

  #close(key: string): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    this.#places.delete(key);
    place.closed = true;
    this.#end(place.decoder);
  }

  #end(decoder: KeyframeDecoder): void {
    const ending = decoder.stop();
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
  }
}

function placeKey({ track, view, width, height, followers, trial, sourceId }: KeyframeRequest): string {
  return JSON.stringify([track, view, width, height, trial ? { sourceId } : followers.length]);
}
