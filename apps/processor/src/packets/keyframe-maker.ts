import { type FrameMaker, type FrameMakerOptions, sentPicture } from './frame-maker.ts';
import type { KeyframeDecoders } from './keyframe-decoders.ts';
import { decodesAlone } from './nal-units.ts';
import type { Packet } from './packet.ts';

/** Decodes the keyframes that are wanted, one at a time, in decoders that rooms share. */
export class KeyframeMaker implements FrameMaker {
  readonly #options: FrameMakerOptions;
  readonly #decoders: KeyframeDecoders;
  #decoding = false;
  #lastFailed = false;
  #stopped: Promise<void> | undefined;

  constructor(options: FrameMakerOptions, decoders: KeyframeDecoders) {
    this.#options = options;
    this.#decoders = decoders;
  }

  /** The newest keyframe is shown at once, unless a newer frame of the session was shown already: time never runs backwards. */
  start(): void {
    this.#decoders.join();
    const { session } = this.#options;
    const [newest] = session.ring.lastGroup((packet) => this.#usable(packet));
    if (newest !== undefined && newest.receivedMs > session.shownMs && this.#usable(newest)) void this.#decode(newest);
  }

  packet(packet: Packet): void {
    if (!this.#usable(packet)) return;
    const { events } = this.#options;
    if (this.#decoding) {
      // the machine is slow: that does not make the room blind, nor its keyframes undecodable
      if (!this.#lastFailed) events.onUnwantedKeyframe();
    } else if (events.wantsKeyframe()) void this.#decode(packet);
    else events.onUnwantedKeyframe();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#decoders.leave();
    return this.#stopped;
  }

  #usable({ key, data }: Packet): boolean {
    const { track } = this.#options.session;
    return key && track !== undefined && decodesAlone(track.codec, data);
  }

  /** A keyframe that gives no frame is one that was not shown: the stream judges by that. */
  async #decode({ data: keyframe, receivedMs }: Packet): Promise<void> {
    const { session, spec, events } = this.#options;
    const { track } = session;
    if (track === undefined) return;
    const { view, width, height } = spec;
    const isolatedRoom = this.#lastFailed ? spec.sourceId : undefined;
    this.#decoding = true;
    try {
      const request = { keyframe, track, view, width, height, isolatedRoom };
      const { data, picture } = await this.#decoders.decode(request);
      this.#lastFailed = false;
      if (this.#stopped !== undefined) return;
      session.shown(receivedMs);
      events.onFrame(data, sentPicture(picture, track.codec, receivedMs));
    } catch {
      // the next keyframe is another attempt
      this.#lastFailed = true;
    } finally {
      this.#decoding = false;
    }
  }
}
