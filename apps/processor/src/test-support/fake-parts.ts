import { CommandError } from '@vigilia/protocol';
import type { Clock } from '@vigilia/service';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { RoomParts } from '../room/create-room-parts.ts';
import type { BlindCause } from '../stream/blindness.ts';
import type { Frame } from '../stream/frame.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { FakeMonitoredRoom } from './fake-monitored-room.ts';

/** A stream whose camera is played by a test: `show()` gives a frame. */
export class FakeStream implements RoomStream {
  readonly spec: StreamSpec;
  started = false;
  stopped = false;
  /** A stream beside it needs no second session. */
  shared = false;
  /** The camera sends, though nothing can be decoded yet. */
  sends = false;
  intervalMs: number | undefined;
  /** How often the room wants a frame. */
  wantedMs: number | undefined;
  /** How often a frame was wanted now. */
  wantedNow = 0;
  #frame: Frame | undefined;
  #blind: { cause: BlindCause; sinceMs: number } | undefined = { cause: 'starting', sinceMs: 0 };
  readonly #waiters = new Set<(frame: Frame) => void>();

  constructor(spec: StreamSpec) {
    this.spec = spec;
  }

  start(): void {
    this.started = true;
  }

  firstFrame(signal: AbortSignal): Promise<Frame> {
    if (this.#frame !== undefined) return Promise.resolve(this.#frame);
    return new Promise((resolve, reject) => {
      this.#waiters.add(resolve);
      const abort = (): void => reject(new CommandError('stream_unreachable', 'no frame'));
      if (signal.aborted) {
        abort();
      } else {
        signal.addEventListener('abort', abort, { once: true });
      }
    });
  }

  newest(): Frame | undefined {
    return this.#frame;
  }

  blind(): { cause: BlindCause; sinceMs: number } | undefined {
    return this.#blind;
  }

  receiving(): boolean {
    return this.sends;
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

  listen(): void {}

  async stop(): Promise<void> {
    this.stopped = true;
  }

  show(displayed = { width: 640, height: 360 }): void {
    const { sourceId, width, height } = this.spec;
    this.#frame = {
      sourceId,
      data: new Uint8Array(),
      width,
      height,
      displayed,
      sequence: 1,
      wallMs: 0,
      monotonicMs: 0,
    };
    this.#blind = undefined;
    for (const resolve of this.#waiters) {
      resolve(this.#frame);
    }
    this.#waiters.clear();
  }

  goBlind(cause: BlindCause): void {
    this.#blind = { cause, sinceMs: 0 };
  }
}

export class FakeModel implements ModelHost {
  readonly modelId: string;
  readonly description: ModelHost['description'];
  stopped = false;
  readonly personConfidence: number;
  readonly stats = { restarts: 0, lost: 0, failed: 0, usualMs: 10, provider: 'cpu', pid: 1 };

  /** `size` of the square input, px; `resizable`: it follows the camera, like that of a MoveNet. */
  constructor(modelId: string, size: number | 'resizable') {
    this.modelId = modelId;
    this.personConfidence = modelId.startsWith('empty') ? 0 : 0.9;
    this.description = {
      layout: 'yolo-detect',
      inputName: 'images',
      inputType: 'float32',
      outputs: [{ name: 'output0', shape: [1, 84, 21] }],
      width: size === 'resizable' ? 352 : size,
      height: size === 'resizable' ? 192 : size,
      channelOrder: 'nchw',
      colour: 'rgb',
      scale: 1 / 255,
      labels: ['person'],
      passes: [0],
      mirrorsEverySecondFrame: false,
      resizable: size === 'resizable',
    };
  }

  infer(): never {
    throw new Error('the fake watch asks for nothing');
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }
}

/** The factories of the reconciler, with a record of everything they made. */
export interface FakeParts extends RoomParts {
  readonly streams: FakeStream[];
  readonly models: FakeModel[];
  readonly monitors: FakeMonitoredRoom[];
  /** The newest stream or watch of a room. */
  stream(sourceId: number): FakeStream;
  monitor(sourceId: number): FakeMonitoredRoom;
}

export interface FakePartsOptions {
  readonly clock: Clock;
  /** Input size by model id; a model that is not here does not exist, `hang` never loads, one called `nobody…` finds no person. */
  readonly models: Readonly<Record<string, number | 'resizable' | 'hang'>>;
  /** Whether a camera shows a picture as soon as it is opened. */
  shows(spec: StreamSpec): boolean;
}

export function createFakeParts(options: FakePartsOptions): FakeParts {
  const streams: FakeStream[] = [];
  const models: FakeModel[] = [];
  const monitors: FakeMonitoredRoom[] = [];
  const newest = <T>(list: readonly T[], fits: (one: T) => boolean): T => {
    const found = list.findLast(fits);
    if (found === undefined) throw new Error('the fake has not been made');
    return found;
  };
  return {
    streams,
    models,
    monitors,
    stream: (sourceId) => newest(streams, (stream) => stream.spec.sourceId === sourceId),
    monitor: (sourceId) => newest(monitors, (monitor) => monitor.sourceId === sourceId),
    openStream: (spec) => {
      const stream = new FakeStream(spec);
      streams.push(stream);
      if (options.shows(spec)) {
        stream.show();
      }
      return stream;
    },
    loadModel: (modelId, signal) => loadFake(modelId, signal, options, models),
    monitorRoom: (roomOptions) => {
      const monitor = new FakeMonitoredRoom(roomOptions, options.clock);
      monitors.push(monitor);
      return monitor;
    },
  };
}

async function loadFake(
  modelId: string,
  signal: AbortSignal,
  options: FakePartsOptions,
  models: FakeModel[],
): Promise<ModelHost> {
  const size = options.models[modelId];
  if (size === undefined) throw new CommandError('model_not_found', `Model ${modelId} is not there.`);
  if (size === 'hang') {
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error('given up')), { once: true });
    });
  }
  const model = new FakeModel(modelId, size);
  models.push(model);
  return model;
}
