import { type Incident, UnwatchedMeter } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import type { TimelinePrinter } from './print.ts';
import { Story, type StoryInput } from './story.ts';

/** Joins the scenario, the measure of unwatched rooms and the printer: receives messages, prints lines. */
export class TimelineReporter {
  readonly story: Story;
  readonly #meter = new UnwatchedMeter();
  readonly #clock: Clock;
  readonly #printer: TimelinePrinter;
  readonly #rooms: readonly number[];
  readonly #maxFps: number;
  readonly #watched = new Map<string, Map<number, number>>();

  constructor(options: { rooms: readonly number[]; maxFps: number; clock: Clock; printer: TimelinePrinter }) {
    this.#rooms = options.rooms;
    this.#maxFps = options.maxFps;
    this.#clock = options.clock;
    this.#printer = options.printer;
    this.story = new Story({ rooms: options.rooms });
  }

  get incident(): Incident | undefined {
    return this.story.incident;
  }

  take(input: StoryInput): void {
    const nowMs = this.#clock.monotonic();
    const wasReady = this.story.seen.has('ready');
    for (const entry of this.story.take(input, new Date(this.#clock.now()).toISOString())) {
      this.#printer.entry(entry);
    }
    if (input.kind === 'status') {
      this.#keepRates(input.status.instance_id, input.status.status, input.status.streams ?? []);
    }
    if (!wasReady && this.story.seen.has('ready')) {
      this.#startMeter(nowMs);
    }
    if (input.kind === 'detections') {
      this.#meter.seen(input.sourceId, nowMs);
    }
  }

  /** `longest_unwatched_ms` of every room since all rooms were watched. */
  unwatched(): Record<string, number> {
    return this.#meter.report(this.#clock.monotonic());
  }

  #startMeter(nowMs: number): void {
    for (const room of this.#rooms) {
      this.#meter.expect(room, this.#maxFps, nowMs);
    }
    for (const [instance, rooms] of this.#watched) {
      for (const [room, fps] of rooms) {
        this.#meter.rate(instance, room, fps);
      }
    }
  }

  #keepRates(instance: string, status: string, streams: readonly { source_id: number; max_fps: number }[]): void {
    const now = new Map(status === 'offline' ? [] : streams.map((stream) => [stream.source_id, stream.max_fps]));
    for (const room of this.#watched.get(instance)?.keys() ?? []) {
      if (!now.has(room)) {
        this.#meter.rate(instance, room, undefined);
      }
    }
    for (const [room, fps] of now) {
      this.#meter.rate(instance, room, fps);
    }
    this.#watched.set(instance, now);
  }
}
