import type { Clock } from '@vigilia/service';
import type { FrameInfo } from '../stream/ffmpeg-messages.ts';
import { DecoderBacklog } from './decoder-backlog.ts';
import { DecoderProcess } from './decoder-process.ts';
import { type FrameMaker, type FrameMakerOptions, sentFrame } from './frame-maker.ts';
import { canBegin } from './nal-units.ts';
import { copyOf, type Packet } from './packet.ts';

/** A decoder that began with a keyframe and gives no frame for this long hangs, ms. */
const hangsAfterMs = 10_000;

/** Decodes every packet, from the last keyframe that is kept on. */
export class ContinuousMaker implements FrameMaker {
  readonly needsPacketsAtOnce = true;
  readonly #options: FrameMakerOptions;
  readonly #clock: Clock;
  readonly #process: DecoderProcess;
  readonly #backlog = new DecoderBacklog();
  #timestamp = 0;
  /** When the first packet came after its last frame; before its first keyframe it owes no frame. */
  #owingSinceMs: number | undefined;
  /** It has arrived at frames that are newer than those that were shown before. */
  #caughtUp = false;
  #started: Promise<void> = Promise.resolve();
  #described = false;
  #lastShownMs = Number.NEGATIVE_INFINITY;
  /** Packets that came before the process was there. */
  #waiting: Packet[] | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: FrameMakerOptions & { readonly ffmpeg: string; readonly clock: Clock }) {
    const { ffmpeg, clock, spec } = options;
    this.#options = options;
    this.#clock = clock;
    this.#process = new DecoderProcess({
      ffmpeg,
      view: spec.view,
      width: spec.width,
      height: spec.height,
      threads: 2,
      onFrame: (data, picture) => this.#onFrame(data, picture),
      onEnd: ({ detail }) => this.#fail(detail),
    });
  }

  start(): void {
    this.#waiting = this.#options.session.ring.lastGroup.map(copyOf);
    this.#started = this.#process.start().then(() => {
      const waiting = this.#waiting ?? [];
      this.#waiting = undefined;
      for (const packet of waiting) {
        this.#feed(packet);
      }
    });
    this.#started.catch((error: Error) => this.#fail(error.message));
  }

  packet(packet: Packet): void {
    const kept = copyOf(packet);
    if (this.#waiting === undefined) {
      this.#feed(kept);
    } else {
      this.#waiting.push(kept);
    }
  }

  /** All are decoded. */
  showNewest(): void {}

  stop(): Promise<void> {
    this.#stopped ??= this.#started.catch(() => {}).then(() => this.#process.stop());
    return this.#stopped;
  }

  #begins(packet: Packet): boolean {
    return canBegin(this.#options.session.track, packet);
  }

  #feed(packet: Packet): void {
    const { data, key, receivedMs } = packet;
    const { track } = this.#options.session;
    if (track === undefined) return;
    if (!this.#described) {
      this.#process.describe(track);
    }
    this.#described = true;
    const nowMs = this.#clock.monotonic();
    if (nowMs - (this.#owingSinceMs ?? nowMs) > hangsAfterMs) {
      this.#fail(`the decoder gave no frame for ${hangsAfterMs / 1000} s`);
      return;
    }
    const { backlogBytes } = this.#process;
    if (!this.#backlog.takes({ begins: this.#begins(packet), backlogBytes, nowMs })) return;
    if (this.#backlog.began) {
      this.#owingSinceMs ??= nowMs;
    }
    this.#timestamp++;
    this.#backlog.given(this.#timestamp, { receivedMs, givenMs: nowMs });
    this.#process.write({ data, key, timestamp: this.#timestamp });
  }

  /** While it catches up, frames older than the newest one that was delivered are dropped: time never runs backwards. */
  #onFrame(data: Buffer, picture: FrameInfo): void {
    if (this.#stopped !== undefined) return;
    const { session, events } = this.#options;
    this.#owingSinceMs = undefined;
    const receivedMs = this.#backlog.decoded(picture.timestamp ?? 0) ?? this.#clock.monotonic();
    if (receivedMs <= session.shownMs && !this.#caughtUp) return;
    this.#caughtUp = true;
    session.shown(receivedMs);
    // a reordered frame was sent before the one that is shown before it
    this.#lastShownMs = Math.max(receivedMs, this.#lastShownMs + 1);
    events.onFrame(data, sentFrame(picture, session.track?.codec ?? '', this.#lastShownMs));
  }

  #fail(detail: string): void {
    if (this.#stopped !== undefined) return;
    void this.stop();
    this.#options.events.onEnd({ cause: 'decoder', detail, final: false });
  }
}
