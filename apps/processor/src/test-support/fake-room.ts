import type { DetectionsMessage, RoomState, VigiliaEvent } from '@vigilia/protocol';
import { captureLogger, FakeClock } from '@vigilia/testing';
import { type Detection, defaultFallPolicy, describeModel } from '@vigilia/vision';
import { ModelHostError } from '../model/model-host-error.ts';
import type { InferOptions, ModelHost } from '../model/supervised-model-host.ts';
import type { ReplaySight } from '../replay/incident-replays.ts';
import type { MonitorSettings } from '../room/monitor-settings.ts';
import { OneAtATime } from '../room/one-at-a-time.ts';
import type { RoomMonitorOptions } from '../room/room-monitor.ts';
import { RoomMonitor } from '../room/room-monitor.ts';
import { HostWorker } from '../schedule/host-worker.ts';
import type { Blindness } from '../stream/blindness.ts';
import type { Frame } from '../stream/frame.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { usualSpec } from './usual-spec.ts';

export const settings: MonitorSettings = { maxFps: 1, confidence: 0.25, tracking: true, zones: [] };

/** Squares: a picture of one colour would be that of a covered lens. */
function somethingToSee(width: number, height: number): Uint8Array {
  const square = (pixel: number): number => (Math.floor((pixel % width) / 4) + Math.floor(pixel / width / 4)) % 2;
  return Uint8Array.from({ length: width * height * 3 }, (_, index) => 60 + 120 * square(Math.floor(index / 3)));
}

/** A camera that shows a frame when the test asks for one. */
export class FakeStream implements RoomStream {
  readonly spec: StreamSpec;
  stopped = false;
  readonly #clock: FakeClock;
  #listener: Parameters<RoomStream['listen']>[0];
  #frame: Frame | undefined;
  #blindness: Blindness | undefined;
  #sequence = 0;
  intervalMs: number | undefined;
  /** How often the room wants a frame. */
  wantedMs: number | undefined;
  /** How often a frame was wanted now. */
  wantedNow = 0;
  /** A stream beside it needs no second session. */
  shared = false;
  /** What its frames show; undefined: something that can be seen. */
  shows: Uint8Array | undefined;

  constructor(clock: FakeClock, spec: Partial<StreamSpec> = {}) {
    this.#clock = clock;
    this.spec = usualSpec('rtsp://cam/2', { width: 32, height: 32, ...spec });
  }

  start(): void {}
  firstFrame(): Promise<Frame> {
    return Promise.reject(new Error('not in this test'));
  }
  newest(): Frame | undefined {
    return this.#frame;
  }
  blind(): Blindness | undefined {
    return this.#blindness;
  }
  receiving(): boolean {
    return this.#blindness === undefined;
  }
  keyframeIntervalMs(): number | undefined {
    return this.intervalMs;
  }
  past(): undefined {
    return undefined;
  }
  sharesSession(): boolean {
    return this.shared;
  }
  wantEvery(intervalMs: number): void {
    this.wantedMs = intervalMs;
  }
  wantNow(): void {
    this.wantedNow++;
  }
  listen(listener: Parameters<RoomStream['listen']>[0]): void {
    this.#listener = listener;
  }
  async stop(): Promise<void> {
    this.stopped = true;
  }

  show(): void {
    const { sourceId, width, height } = this.spec;
    this.#frame = {
      sourceId,
      width,
      height,
      data: this.shows ?? somethingToSee(width, height),
      displayed: { width: 640, height: 360 },
      sequence: ++this.#sequence,
      wallMs: this.#clock.now(),
      monotonicMs: this.#clock.monotonic(),
    };
    this.#listener?.frame(this.#frame);
  }

  /** A picture every `intervalMs` for a while; the clock has to be advanced. */
  film(intervalMs: number, forMs: number): void {
    for (let at = 0; at <= forMs; at += intervalMs) {
      this.#clock.setTimeout(() => this.show(), at);
    }
  }

  setBlind(cause: Blindness['cause'] | undefined): void {
    this.#blindness = cause === undefined ? undefined : { cause, sinceMs: this.#clock.now() };
    this.#listener?.blindness();
  }
}

export interface Asked {
  readonly frame: Frame;
  readonly confidence: number;
  readonly mirrored?: boolean | undefined;
}

/** A model that finds what the test sets and takes `tookMs`, for one frame after another, as a host does. */
export class FakeModel implements ModelHost {
  readonly modelId: string;
  description = describeModel({
    inputs: [{ name: 'images', shape: [1, 3, 32, 32] }],
    outputs: [{ name: 'output0', shape: [1, 84, 21] }],
  });
  readonly personConfidence: number | undefined = undefined;
  readonly stats = {
    restarts: 0,
    lost: 0,
    failed: 0,
    usualMs: undefined,
    provider: 'cpu',
    pid: 1 as number | undefined,
  };
  readonly asked: Asked[] = [];
  finds: readonly Detection[] = [];
  tookMs = 100;
  failure: Error | undefined;
  readonly #clock: FakeClock;
  #free: Promise<unknown> = Promise.resolve();
  #life = new AbortController();

  constructor(clock: FakeClock, modelId = 'model-a') {
    this.#clock = clock;
    this.modelId = modelId;
  }

  async infer(frame: Frame, options: InferOptions) {
    this.asked.push({ frame, ...options });
    const { finds, failure } = this;
    const { signal } = this.#life;
    const done = this.#free.then(() => {
      if (signal.aborted) throw new ModelHostError('untouched', 'the host died before');
      return this.#clock.sleep(this.tookMs, signal);
    });
    this.#free = done.catch(() => {});
    await done;
    if (failure !== undefined) throw failure;
    return { detections: finds, inferenceMs: this.tookMs, passes: 1 };
  }
  async stop(): Promise<void> {}

  /** Its process dies with everything it was given, and another is there at once. */
  loseAll(): void {
    this.#life.abort(new ModelHostError('lost', 'the host died'));
    this.#life = new AbortController();
  }
}

/** A person of the given shape on a 640×360 picture. */
export function person(width: number, height: number, changes: Partial<Detection> = {}): Detection {
  const box = { x1: 300 - width / 2, y1: 320 - height, x2: 300 + width / 2, y2: 320 };
  return { classId: 0, className: 'person', confidence: 0.8, box, ...changes };
}

/** A monitor over fakes, with everything it publishes. */
export function monitoredRoom(options: Partial<RoomMonitorOptions> = {}) {
  const clock = new FakeClock();
  const stream = new FakeStream(clock);
  const model = new FakeModel(clock);
  const messages: DetectionsMessage[] = [];
  const events: VigiliaEvent[] = [];
  const states: RoomState[] = [];
  const observed: ReplaySight[] = [];
  const opened: FakeStream[] = [];
  const workers = new Map<ModelHost, HostWorker>();
  const frameIds = new Map<number, number>();
  const { logger, lines } = captureLogger();
  const context = {
    clock,
    logger,
    identity: { instanceId: 'processor-a', bootId: 'boot' },
    fallPolicy: defaultFallPolicy,
    lookBacks: new OneAtATime(),
    lookBackLimitMs: 10_000,
    originMs: clock.now() - clock.monotonic(),
    output: {
      detections: (message: DetectionsMessage) => void messages.push(message),
      event: (event: VigiliaEvent) => void events.push(event),
      room: (state: RoomState) => void states.push(state),
    },
    replays: { observe: (observation: ReplaySight) => void observed.push(observation) },
    workerOf: (host: ModelHost) => {
      const worker = workers.get(host) ?? new HostWorker({ clock, isAlive: () => host.stats.pid !== undefined });
      workers.set(host, worker);
      return worker;
    },
    nextFrameId: (sourceId: number) => {
      frameIds.set(sourceId, (frameIds.get(sourceId) ?? 0) + 1);
      return frameIds.get(sourceId) ?? 0;
    },
    openStream: (spec: StreamSpec) => {
      const extra = new FakeStream(clock, spec);
      opened.push(extra);
      return extra;
    },
  };
  const start = (): RoomMonitor => {
    const monitor = new RoomMonitor({ sourceId: 2, stream, model, settings, ...options }, context);
    monitor.start();
    return monitor;
  };
  return {
    clock,
    stream,
    model,
    messages,
    events,
    states,
    observed,
    opened,
    lines,
    monitor: start(),
    startAnother: start,
  };
}
