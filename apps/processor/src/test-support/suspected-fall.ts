import type { RoomState, VigiliaEvent } from '@vigilia/protocol';
import { type Clock, systemClock, within } from '@vigilia/service';
import {
  captureLogger,
  type FaultyCamera,
  type LogLine,
  makeCodedVideo,
  makeModel,
  startFaultyCamera,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { defaultFallPolicy } from '@vigilia/vision';
import type { PacketLimits } from '../packets/packet-ring.ts';
import { createRoomParts } from '../room/create-room-parts.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import { usualSpec } from './usual-spec.ts';

/** The person of the video stands until then, and lies from then on, s. */
const fallsAtSeconds = 14;
/** Packets of the video, per second. */
const fps = 10;

/** A room in which a person falls, as a camera shows it: dark and noisy while the person stands, bright from the fall on. */
export interface FallSite {
  readonly folder: Pick<TempFolder, 'path' | 'file'>;
  /** A camera plays it from its beginning, in a loop. */
  readonly video: string;
}

/** Makes the video, the model `scene`, and the model `slow`, which answers the same after half a second or more. */
export async function makeFallSite(): Promise<FallSite & AsyncDisposable> {
  const folder = await tempFolder('fall-site');
  const video = folder.file('fall.h264');
  const grey = (level: string, seconds: number): string =>
    `color=c=0x${level}:size=320x180:rate=${fps}:duration=${seconds}`;
  const source = `${grey('141414', fallsAtSeconds)}[a];${grey('dcdcdc', 86)}[b];[a][b]concat,noise=alls=16:allf=t:all_seed=7`;
  const standing = { x1: 140, y1: 80, x2: 180, y2: 230 };
  const lying = { x1: 80, y1: 180, x2: 240, y2: 230 };
  const scenes = { size: 320, boxes: [standing], brightBoxes: [lying], brightness: 0.5 };
  await Promise.all([
    makeCodedVideo({ file: video, fps, seconds: 100, encoder: 'keyint=10:min-keyint=10:bframes=0', source }),
    makeModel({ file: folder.file('scene.onnx'), ...scenes }),
    makeModel({ file: folder.file('slow.onnx'), ...scenes, behaviour: 'slow', matmuls: 100 }),
  ]);
  return { folder, video, [Symbol.asyncDispose]: () => folder.remove() };
}

export interface RoomOptions {
  readonly clock?: Clock;
  readonly model?: 'scene' | 'slow';
  readonly limits?: PacketLimits;
  readonly ffmpeg?: string;
  /** A minute by default, so that a busy machine has the time. */
  readonly lookBackLimitMs?: number;
  /** Of a camera that runs already. */
  readonly url?: string;
  /** What the processor before left. */
  readonly restored?: RoomState;
}

/** A frame that was analysed as it came. */
interface RoomResult {
  /** Of its message, ms of `performance.now()`. */
  readonly atMs: number;
  /** What the model took for it, ms. */
  readonly inferenceMs: number;
}

/** A room that is analysed every ten seconds; its camera begins to play when it is opened. */
export interface FallRoom {
  /** undefined: it ran already. */
  readonly camera: FaultyCamera | undefined;
  /** When the person fell, epoch ms. */
  readonly fellMs: number;
  readonly events: readonly VigiliaEvent[];
  readonly states: readonly RoomState[];
  /** Times of what was analysed, on the clock of the fall decision, in the order of their analysis. */
  readonly sights: readonly number[];
  readonly lines: readonly LogLine[];
  readonly stream: RoomStream;
  /** Another room of the same processor, with so many frames per second. */
  addRoom(sourceId: number, maxFps: number): Promise<{ readonly results: readonly RoomResult[] }>;
  stop(): Promise<void>;
}

const usualLimits: PacketLimits = { seconds: 45, roomBytes: 64_000_000, totalBytes: 256_000_000 };

export async function monitorFall(site: FallSite, options: RoomOptions = {}): Promise<FallRoom> {
  const { lookBackLimitMs = 60_000 } = options;
  const { clock = systemClock, limits = usualLimits, model: modelId = 'scene', ffmpeg = findFfmpeg() } = options;
  const { logger, lines } = captureLogger('debug');
  const ending: { stop(): Promise<void> }[] = [];
  const stop = async (): Promise<void> => {
    for (const one of ending.splice(0).reverse()) {
      await one.stop();
    }
  };
  try {
    return await open();
  } catch (error) {
    await stop();
    throw error;
  }

  async function open(): Promise<FallRoom> {
    const [events, states, sights]: [VigiliaEvent[], RoomState[], number[]] = [[], [], []];
    const results = new Map<number, RoomResult[]>();
    const parts = createRoomParts({
      clock,
      logger,
      modelsDir: site.folder.path,
      modelThreads: 1,
      ffmpeg,
      packetLimits: limits,
      lookBackLimitMs,
      // a look-back on a busy machine ends before the alarm
      fallPolicy: { ...defaultFallPolicy, seenSeconds: 30 },
      identity: { instanceId: 'processor-a', bootId: 'boot' },
      output: {
        detections: ({ source_id, inference_time_ms: inferenceMs }) =>
          void results.get(source_id)?.push({ atMs: performance.now(), inferenceMs }),
        event: (event) => void events.push(event),
        room: (state) => void states.push(state),
      },
      replays: { observe: ({ atMs }) => void sights.push(atMs) },
    });
    using limit = within(120_000);
    const model = await parts.loadModel(modelId, limit.signal);
    ending.push(model);
    const fellMs = Date.now() + fallsAtSeconds * 1000;
    const camera = options.url === undefined ? await startFaultyCamera({ file: site.video, fps }) : undefined;
    if (camera !== undefined) {
      ending.push(camera);
    }
    const url = options.url ?? camera?.url ?? '';
    const monitor = async (sourceId: number, maxFps: number) => {
      results.set(sourceId, []);
      const changes = { sourceId, width: 320, height: 320, decode: maxFps > 1 ? 'full' : 'keyframes' } as const;
      const stream = parts.openStream(usualSpec(url, changes));
      ending.push(stream);
      stream.start();
      using limit = within(60_000);
      await stream.firstFrame(limit.signal);
      const settings = { maxFps, confidence: 0.25, tracking: true, zones: [] };
      const restored = sourceId === 2 ? options.restored : undefined;
      const room = parts.monitorRoom({ sourceId, stream, model, settings, restored, singleSession: true });
      ending.push(room);
      return stream;
    };
    const stream = await monitor(2, 0.1);
    return {
      camera,
      fellMs,
      events,
      states,
      sights,
      lines,
      stream,
      stop,
      addRoom: async (sourceId, maxFps) => {
        await monitor(sourceId, maxFps);
        return { results: results.get(sourceId) ?? [] };
      },
    };
  }
}

/** The first event of a type. */
export function eventOf(events: readonly VigiliaEvent[], type: string): VigiliaEvent | undefined {
  return events.find(({ event }) => event === type);
}
