import type { Clock } from '@vigilia/service';
import { type FrameMaker, type FrameMakerOptions, sentFrame } from './frame-maker.ts';
import type { KeyframeDecoders } from './keyframe-decoders.ts';
import { canBegin } from './nal-units.ts';
import { copyOf, type Packet } from './packet.ts';

export interface KeyframeMakerOptions extends FrameMakerOptions {
  readonly decoders: KeyframeDecoders;
  readonly clock: Clock;
}

/** A decoder needs no more packets after a keyframe. */
const mostFollowers = 16;
/** A trial that takes longer shows that the machine is slow, and nothing about shared decoders, ms. */
const quickTrialMs = 2500;

/**
 * Decodes the keyframes that are wanted, one at a time, in decoders that rooms share. A camera that is not known yet, or whose last
 * keyframe gave no frame, is tried in a decoder of its own.
 */
export class KeyframeMaker implements FrameMaker {
  readonly needsPacketsAtOnce = false;
  readonly #options: KeyframeMakerOptions;
  /** The keyframe that is to be decoded, and the packets that came after it. */
  #wanted: readonly Packet[] | undefined;
  #decoding = false;
  #lastFailed = false;
  /** It was a shared decoder that failed: the trial shows whether the keyframe was at fault. */
  #sharedFailed = false;
  #stopped: Promise<void> | undefined;

  constructor(options: KeyframeMakerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.decoders.join();
    this.#wantNewest();
  }

  packet(packet: Packet): void {
    if (this.#wanted !== undefined) {
      this.#want([...this.#wanted, copyOf(packet)]);
    } else if (canBegin(this.#options.session.track, packet)) {
      this.#keyframe(packet);
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#options.decoders.leave();
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

  /** The newest keyframe is shown at once, unless a newer frame of the session was shown already: time never runs backwards. */
  #wantNewest(): void {
    const { session } = this.#options;
    const [newest, ...followers] = session.ring.lastGroup.slice(0, 1 + mostFollowers);
    if (newest !== undefined && newest.receivedMs > session.shownMs) {
      this.#want([newest, ...followers].map(copyOf));
    }
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
    const { camera } = this.#options.session;
    const isTrial = this.#lastFailed || camera.keyframeTrust.isLost(this.#options.clock.monotonic());
    return isTrial ? undefined : camera.heldBackPackets;
  }

  /** A keyframe that gives no frame is one that was not shown: the stream judges by that. */
  async #decode({ data: keyframe, receivedMs }: Packet, packets: readonly Packet[]): Promise<void> {
    const { session, spec, events, decoders, clock } = this.#options;
    const { track, camera } = session;
    if (track === undefined) return;
    const { view, width, height } = spec;
    const trial = this.#heldBack() === undefined;
    const followers = packets.map(({ data }) => data);
    const startedMs = clock.monotonic();
    this.#decoding = true;
    try {
      const request = { track, view, width, height, keyframe, followers, trial };
      const { data, picture, heldBack } = await decoders.decode(request);
      this.#decoding = false;
      camera.heldBackPackets = heldBack;
      if (this.#stopped !== undefined) return;
      session.shown(receivedMs);
      events.onFrame(data, sentFrame(picture, track.codec, receivedMs));
      this.#succeeded(trial, clock.monotonic() - startedMs);
    } catch {
      this.#decoding = false;
      this.#failed(trial);
    }
  }

  #succeeded(trial: boolean, durationMs: number): void {
    const { session, events, clock } = this.#options;
    const { keyframeTrust } = session.camera;
    this.#lastFailed = false;
    if (!trial) {
      keyframeTrust.worked();
    } else if (this.#sharedFailed && durationMs < quickTrialMs) {
      const pauseMs = keyframeTrust.failed(clock.monotonic());
      if (pauseMs !== undefined) {
        events.onKeyframesFail(pauseMs);
      }
    }
    this.#sharedFailed = false;
  }

  /** After a shared decoder the newest keyframe is tried at once, after a trial the next one that comes. */
  #failed(trial: boolean): void {
    this.#lastFailed = true;
    if (trial || this.#stopped !== undefined) return;
    this.#sharedFailed = true;
    this.#wantNewest();
  }
}
