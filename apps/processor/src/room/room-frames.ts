import type { Offer } from '../schedule/room-schedule.ts';
import { ArrivalInterval } from '../stream/arrival-interval.ts';
import type { Frame } from '../stream/frame.ts';
import type { RoomStream } from '../stream/room-stream.ts';

/** The room whose frames these are: `RoomMonitor`. */
export interface RoomFramesListener {
  /** There is a frame to analyse. */
  frameArrived(): void;
  blindnessChanged(): void;
}

/** A second stream whose newest frame is this much older than the room's own is stalled, ms: its decoder gets too little CPU time. */
const stalledMs = 2000;

/**
 * Which frame of a room is next: the newest that was not analysed yet. Holds the room's stream and, while a burst
 * needs more frames than key frames give, a second one with full decode.
 */
export class RoomFrames {
  readonly #listener: RoomFramesListener;
  #main: RoomStream;
  #extra: RoomStream | undefined;
  #analysed: Frame | undefined;
  #waitingSinceMs: number | undefined;
  #receivedFrames = 0;
  /** Time between the frames that come. */
  #pace = new ArrivalInterval();

  constructor(options: { readonly stream: RoomStream; readonly listener: RoomFramesListener }) {
    this.#main = options.stream;
    this.#listener = options.listener;
  }

  get stream(): RoomStream {
    return this.#main;
  }

  /** Frames that the camera gave so far. */
  get received(): number {
    return this.#receivedFrames;
  }

  get burstStream(): RoomStream | undefined {
    return this.#extra;
  }

  start(): void {
    this.#listenTo(this.#main, () => this.#listener.blindnessChanged());
    if (this.#main.newest() !== undefined) {
      this.#waitingSinceMs = this.#main.newest()?.monotonicMs;
    }
  }

  stop(): void {
    this.#main.listen(undefined);
    this.endBurst();
  }

  /** Synchronous: from now on the frames of this stream. */
  switchTo(stream: RoomStream): void {
    this.#main.listen(undefined);
    this.#main = stream;
    this.#analysed = undefined;
    this.#waitingSinceMs = undefined;
    this.#pace = new ArrivalInterval();
    this.start();
  }

  /** Full decode beside the key frames; it takes over with its first frame. Must be started by the caller. */
  startBurst(stream: RoomStream): void {
    this.#extra = stream;
    this.#pace = new ArrivalInterval();
    this.#listenTo(stream, () => {});
  }

  /** Back to the room's own stream; returns the one to be stopped. */
  endBurst(): RoomStream | undefined {
    const extra = this.#extra;
    extra?.listen(undefined);
    this.#extra = undefined;
    this.#pace = new ArrivalInterval();
    return extra;
  }

  offer(): Offer | undefined {
    const frame = this.#next();
    if (frame === undefined) return undefined;
    return {
      frameMs: frame.monotonicMs,
      waitingSinceMs: this.#waitingSinceMs ?? frame.monotonicMs,
      frameIntervalMs: this.#pace.ms,
    };
  }

  /** The frame to analyse; it will not be offered again unless `giveBack` is called. */
  take(): Frame | undefined {
    const frame = this.#next();
    if (frame === undefined) return undefined;
    this.#analysed = frame;
    this.#waitingSinceMs = undefined;
    return frame;
  }

  /**
   * Its result was of an earlier configuration and was dropped, or no model came to look at it: the frame is free for the
   * present one while it is the newest.
   */
  giveBack(frame: Frame): void {
    if (this.#analysed !== frame) return;
    this.#analysed = undefined;
    this.#listener.frameArrived();
  }

  #next(): Frame | undefined {
    const stream = this.#current();
    if (stream.blind() !== undefined) return undefined;
    const frame = stream.newest();
    const isOld =
      frame !== undefined && this.#analysed !== undefined && frame.monotonicMs <= this.#analysed.monotonicMs;
    return isOld ? undefined : frame;
  }

  #current(): RoomStream {
    const frame = this.#extra?.blind() === undefined ? this.#extra?.newest() : undefined;
    if (this.#extra === undefined || frame === undefined) return this.#main;
    const isStalled = (this.#main.newest()?.monotonicMs ?? 0) > frame.monotonicMs + stalledMs;
    return isStalled ? this.#main : this.#extra;
  }

  #listenTo(stream: RoomStream, blindness: () => void): void {
    stream.listen({
      frame: (frame) => {
        this.#receivedFrames++;
        if (stream === this.#current()) {
          this.#pace.arrived(frame.monotonicMs);
        }
        this.#waitingSinceMs ??= frame.monotonicMs;
        this.#listener.frameArrived();
      },
      blindness,
    });
  }
}
