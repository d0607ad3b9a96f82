import { type FrameMaker, type FrameMakerOptions, sentFrame } from './frame-maker.ts';
import type { KeyframeDecoders } from './keyframe-decoders.ts';
import { canBegin } from './nal-units.ts';
import { copyOf, type Packet } from './packet.ts';

/** A decoder needs no more packets after a keyframe. */
const mostFollowers = 16;

/** Decodes the keyframes that are wanted, one at a time, in decoders that rooms share. */
export class KeyframeMaker implements FrameMaker {
  readonly needsPacketsAtOnce = false;
  readonly #options: FrameMakerOptions;
  readonly #decoders: KeyframeDecoders;
  /** The keyframe that is to be decoded, and the packets that came after it. */
  #wanted: readonly Packet[] | undefined;
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
    const group = session.ring.lastGroup((packet) => this.#usable(packet));
    const [newest] = group;
    if (newest !== undefined && newest.receivedMs > session.shownMs && this.#usable(newest)) {
      this.#want(group.slice(0, 1 + mostFollowers).map(copyOf));
    }
  }

  packet(packet: Packet): void {
    if (this.#wanted !== undefined) {
      this.#want([...this.#wanted, copyOf(packet)]);
    } else if (this.#usable(packet)) {
      this.#keyframe(packet);
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#decoders.leave();
    return this.#stopped;
  }

  #keyframe(packet: Packet): void {
    const { events } = this.#options;
    if (!this.#decoding && events.wantsKeyframe()) {
      this.#want([copyOf(packet)]);
    } else if (!this.#decoding || !this.#lastFailed) {
      // while it decodes the machine is slow: that does not make the room blind, nor its keyframes undecodable
      events.onUnwantedKeyframe();
    }
  }

  #usable(packet: Packet): boolean {
    return canBegin(this.#options.session.track, packet);
  }

  /** Decodes as soon as the packets are there that a decoder holds back. */
  #want(packets: readonly Packet[]): void {
    const needed = 1 + (this.#heldBack() ?? 0);
    const [keyframe, ...followers] = packets.slice(0, needed);
    this.#wanted = packets.length < needed ? packets : undefined;
    if (keyframe !== undefined && this.#wanted === undefined) {
      void this.#decode(keyframe, followers);
    }
  }

  /** undefined: it has to be found out. */
  #heldBack(): number | undefined {
    return this.#lastFailed ? undefined : this.#options.session.camera.heldBackPackets;
  }

  /** A keyframe that gives no frame is one that was not shown: the stream judges by that. */
  async #decode({ data: keyframe, receivedMs }: Packet, packets: readonly Packet[]): Promise<void> {
    const { session, spec, events } = this.#options;
    const { track, camera } = session;
    if (track === undefined) return;
    const { sourceId, view, width, height } = spec;
    const trial = this.#heldBack() === undefined;
    const followers = packets.map(({ data }) => data);
    this.#decoding = true;
    try {
      const request = { sourceId, track, view, width, height, keyframe, followers, trial };
      const { data, picture, heldBack } = await this.#decoders.decode(request);
      this.#lastFailed = false;
      camera.heldBackPackets = heldBack;
      if (this.#stopped !== undefined) return;
      session.shown(receivedMs);
      events.onFrame(data, sentFrame(picture, track.codec, receivedMs));
    } catch {
      // the next keyframe is another attempt
      this.#lastFailed = true;
    } finally {
      this.#decoding = false;
    }
  }
}
