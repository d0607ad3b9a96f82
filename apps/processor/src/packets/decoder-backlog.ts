/** A decoder that has not taken so much yet is too slow, bytes. */
const mostBytes = 16_000_000;
/** One that owes a frame for so long is too slow, ms. At a low bit rate minutes of packets are few bytes, and pipes hold some of them. */
const mostOwedMs = 4000;
/** One that is given the packets since the last keyframe first may take as long as these took, to catch up with the camera, up to this, ms. */
const mostCatchUpMs = 60_000;
/** Packets that a decoder may have without owing a frame: H.264 and H.265 reorder up to 16 frames, and each of its threads has one. */
const mostHeldBack = 18;
/** Reordered frames come in another order than their packets: times of frames that came are known for so many packets more. */
const mostReordered = 64;
/** Packets whose times are known while no frame comes: more than are kept of a camera. */
const mostKnown = 10_000;

interface GivenPacket {
  /** When it came, and when the decoder was given it, monotonic ms. */
  readonly receivedMs: number;
  readonly givenMs: number;
}

/**
 * What a decoder of all packets has been given, and whether it may be given more: one that is too slow is given no packets until a
 * keyframe comes after it has caught up. Then frames are left out, but those that come are not old. Time stamps are 1, 2, 3 and so on.
 */
export class DecoderBacklog {
  readonly #given = new Map<number, GivenPacket>();
  #newestDecoded = 0;
  #began = false;
  #skipping = false;
  /** How old its first packet was, ms. */
  #firstAgeMs: number | undefined;
  #caughtUp = false;

  /** It was given a packet with which decoding can begin. */
  get began(): boolean {
    return this.#began;
  }

  /** Returns whether the decoder is to be given the next packet. */
  takes(packet: { readonly begins: boolean; readonly backlogBytes: number; readonly nowMs: number }): boolean {
    const { begins, backlogBytes, nowMs } = packet;
    const owedMs = this.#owedMs(nowMs);
    this.#caughtUp ||= this.#newestDecoded > 0 && owedMs === 0;
    if (backlogBytes > mostBytes || owedMs > this.#limitMs) {
      this.#skipping = true;
    } else if ((begins || !this.#began) && backlogBytes < mostBytes / 4 && owedMs === 0) {
      this.#skipping = false;
    }
    if (this.#skipping) return false;
    this.#began ||= begins;
    return true;
  }

  given(timestamp: number, packet: GivenPacket): void {
    this.#firstAgeMs ??= packet.givenMs - packet.receivedMs;
    this.#given.set(timestamp, packet);
    this.#given.delete(timestamp - mostKnown);
  }

  /** A frame came. @returns when its packet came; undefined where that is not known any more */
  decoded(timestamp: number): number | undefined {
    const receivedMs = this.#given.get(timestamp)?.receivedMs;
    this.#newestDecoded = Math.max(this.#newestDecoded, timestamp);
    for (const known of this.#given.keys()) {
      if (known >= this.#newestDecoded - mostReordered) break;
      this.#given.delete(known);
    }
    return receivedMs;
  }

  get #limitMs(): number {
    if (this.#caughtUp) return mostOwedMs;
    return Math.max(mostOwedMs, Math.min(mostCatchUpMs, this.#firstAgeMs ?? 0));
  }

  /**
   * For how long the oldest frame has been owed, ms: since the packet was given after which the decoder may not hold it back. 0 where none
   * is owed, and before the first frame, because decoding may not have begun.
   */
  #owedMs(nowMs: number): number {
    if (this.#newestDecoded === 0) return 0;
    const last = this.#given.get(this.#newestDecoded + 1 + mostHeldBack);
    return last === undefined ? 0 : nowMs - last.givenMs;
  }
}
