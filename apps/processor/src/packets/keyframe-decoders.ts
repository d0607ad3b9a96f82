import type { Clock } from '@vigilia/service';
import type { PictureInfo } from '../stream/ffmpeg-messages.ts';
import type { DecoderShape, KeptTrack } from './decoder-process.ts';
import { KeyframeDecoder } from './keyframe-decoder.ts';

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

export interface KeyframeRequest extends DecoderShape {
  readonly track: KeptTrack;
  readonly keyframe: Buffer;
  /** A room whose last keyframe gave no frame has a decoder of its own, so that others need not wait for it. */
  readonly isolatedRoom: number | undefined;
}

/** The decoders that rooms share: one for each codec and size. The one that was not used for the longest time makes room for another. */
export class KeyframeDecoders {
  readonly #options: { readonly ffmpeg: string; readonly clock: Clock };
  /** In the order of their last use. */
  readonly #places = new Map<string, Place>();
  #users = 0;

  constructor(options: { readonly ffmpeg: string; readonly clock: Clock }) {
    this.#options = options;
  }

  /** A room begins to use them. */
  join(): void {
    this.#users++;
  }

  /** Without a room that uses them they end. */
  async leave(): Promise<void> {
    this.#users--;
    if (this.#users > 0) return;
    const places = [...this.#places.values()];
    this.#places.clear();
    await Promise.all(places.map(close));
  }

  /** Resolves with a copy of the frame; rejects when the keyframe gave none. Requests of equal shape are served one after the other. */
  async decode(request: KeyframeRequest): Promise<{ readonly data: Buffer; readonly picture: PictureInfo }> {
    if (this.#users === 0) throw new Error('no room uses the decoders');
    const place = await this.#placeOf(request);
    const decoded = place.tail.then(() => this.#run(place, request));
    place.tail = decoded.catch(() => {}).finally(() => place.waiting--);
    return decoded;
  }

  async #run(place: Place, request: KeyframeRequest): Promise<{ data: Buffer; picture: PictureInfo }> {
    if (place.closed) throw new Error('no room uses the decoders any more');
    if (place.decoder.ended) place.decoder = this.#newDecoder(request);
    try {
      const { data, picture } = await place.decoder.decode(request.keyframe);
      return { data: Buffer.from(data), picture };
    } catch (error) {
      void place.decoder.stop();
      throw error;
    }
  }

  async #placeOf(request: KeyframeRequest): Promise<Place> {
    const { track, view, width, height, isolatedRoom } = request;
    const key = JSON.stringify([track, view, width, height, isolatedRoom]);
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
    }
  }

  async #makeRoom(): Promise<void> {
    const idle = [...this.#places].find(([, { waiting }]) => waiting === 0);
    if (idle === undefined) {
      await Promise.race([...this.#places.values()].map(({ tail }) => tail));
      return;
    }
    const [key, place] = idle;
    this.#places.delete(key);
    await close(place);
  }

  #newDecoder({ track, view, width, height }: KeyframeRequest): KeyframeDecoder {
    const { ffmpeg, clock } = this.#options;
    return new KeyframeDecoder({ ffmpeg, clock, track, view, width, height });
  }
}

function close(place: Place): Promise<void> {
  place.closed = true;
  return place.decoder.stop();
}
