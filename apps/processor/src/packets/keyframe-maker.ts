import type { Clock } from '@vigilia/service';
import { type FrameMaker, type FrameMakerOptions, sentFrame } from './frame-maker.ts';
import type { KeyframeDecoders } from './keyframe-decoders.ts';
import { canBegin } from './nal-units.ts';
import { copyOf, type Packet } from './packet.ts';

export interface KeyframeMakerOptions extends FrameMakerOptions {
  readonly decoders: KeyframeDecoders;
  readonly clock: Clock;
}

/** A trial that takes longer shows that the machine is slow, and nothing about shared decoders, ms. */
const quickTrialMs = 2500;

/**
 * Decodes the keyframes that are wanted, one at a time, in decoders that rooms share. A camera that is not known yet, or whose last
 * keyframe gave no frame, is tried in a decoder of its own.
 */
export class KeyframeMaker implements FrameMaker {
  readonly needsPacketsAtOnce = false;
  readonly #options: KeyframeMakerOptions;
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
    if (canBegin(this.#options.session.track, packet)) {
      this.#keyframe(packet);
    }
  }

  showNewest(): void {
    if (!this.#decoding) {
      this.#wantNewest();
    }
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#options.decoders.leave();
    return this.#stopped;
  }

  #keyframe(packet: Packet): void {
    const { events } = this.#options;
    if (!this.#decoding && events.wantsKeyframe()) {
      void this.#decode(copyOf(packet));
    } else if (!this.#decoding || !this.#lastFailed) {
      // while it decodes the machine is slow: that does not make the room blind, nor its keyframes undecodable
      events.onUnwantedKeyframe();
    }
  }

  /** The newest keyframe is shown at once, unless a newer frame of the session was shown already: time never runs backwards. */
  #wantNewest(): void {
    const { session } = this.#options;
    const [newest] = session.ring.lastGroup;
    if (newest !== undefined && newest.receivedMs > session.shownMs) {
      void this.#decode(copyOf(newest));
    }
  }

  /** undefined: it has to be found out. */
  #heldBack(): number | undefined {
    const { camera } = this.#options.session;
    const isTrial = this.#lastFailed || camera.keyframeTrust.isLost(this.#options.clock.monotonic());
    return isTrial ? undefined : camera.heldBackPackets;
  }

  /** A keyframe that gives no frame is one that was not shown: the stream judges by that. */
  async #decode({ data: keyframe, receivedMs }: Packet): Promise<void> {
    const { session, spec, events, decoders, clock } = this.#options;
    const { track, camera } = session;
    if (track === undefined) return;
    const { view, width, height } = spec;
    const copies = this.#heldBack();
    const trial = copies === undefined;
    const startedMs = clock.monotonic();
    this.#decoding = true;
    try {
      const request = { track, view, width, height, keyframe, copies };
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
