import type { Clock, Logger } from '@vigilia/service';
import { defaultFallPolicy, type FallPolicy } from '@vigilia/vision';
import type { ProviderOrder } from '../config/provider-order.ts';
import { createLoadModel } from '../model/load-model.ts';
import type { ModelHost, ModelHostLimits } from '../model/supervised-model-host.ts';
import type { RtspReader } from '../packets/choose-path.ts';
import { createOpenPackets } from '../packets/open-packets.ts';
import type { PacketLimits } from '../packets/packet-ring.ts';
import type { IncidentReplays } from '../replay/incident-replays.ts';
import { HostWorker } from '../schedule/host-worker.ts';
import { CameraMemory } from '../stream/camera-memory.ts';
import { withDecoder } from '../stream/decoder-fallback.ts';
import type { DecoderPreset } from '../stream/decoder-preset.ts';
import { createOpenFfmpeg } from '../stream/open-ffmpeg.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import { FfmpegRoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { usualLookBackLimitMs } from './analyse-past.ts';
import { OneAtATime } from './one-at-a-time.ts';
import type { RoomContext } from './room-context.ts';
import { type MonitoredRoom, RoomMonitor, type RoomMonitorOptions } from './room-monitor.ts';
import type { RoomOutput } from './room-publisher.ts';

export interface RoomPartsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly output: RoomOutput;
  readonly replays: Pick<IncidentReplays, 'observe'>;
  /** Read anew for each message: `rename_instance` changes it. */
  readonly identity: { readonly instanceId: string; readonly bootId: string };
  /** Path of ffmpeg (`stream/find-ffmpeg.ts`). */
  readonly ffmpeg: string;
  readonly modelsDir: string;
  readonly mediaDir?: string | undefined;
  /** Demo: since when the clips have been playing, epoch ms. */
  readonly clipEpochMs?: number | undefined;
  /** How much is kept of what cameras send; undefined: nothing, each camera is received and decoded by one ffmpeg. */
  readonly packetLimits?: PacketLimits | undefined;
  /** What decodes, where it works; default the CPU. */
  readonly decoder?: DecoderPreset | undefined;
  /** What receives RTSP cameras where packets are kept. */
  readonly rtspReader?: RtspReader;
  readonly fallPolicy?: FallPolicy | undefined;
  /** A look-back that takes longer goes on with what it has, ms. */
  readonly lookBackLimitMs?: number | undefined;
  /** Threads of a model; default what the CPU quota allows. */
  readonly modelThreads?: number | undefined;
  /** What computes models; default the CPU. */
  readonly providers?: ProviderOrder | undefined;
  readonly modelLimits?: Partial<ModelHostLimits> | undefined;
  /** Called with the SHA-256 of a model each time its files were loaded. */
  readonly onModelLoaded?: ((modelId: string, sha256: string) => void) | undefined;
}

/** The three factories the reconciler prepares with. Tests replace them. */
export interface RoomParts {
  /** Not started yet. Never throws: an address that cannot be opened is a blind stream (`unreachable`). */
  openStream(spec: StreamSpec): RoomStream;
  /**
   * Resolves when the session is loaded, warmed on a blank frame and checked (input, output, finite result).
   * Rejects with `CommandError`: `model_not_found` (the message lists the ids that exist) or `model_invalid`; on abort it ends the child and rejects.
   */
  loadModel(modelId: string, signal: AbortSignal): Promise<ModelHost>;
  /** Monitors at once. */
  monitorRoom(options: RoomMonitorOptions): MonitoredRoom;
}

/** Builds the three factories that the reconciler prepares with, on real ffmpeg and ONNX Runtime. */
export function createRoomParts(options: RoomPartsOptions): RoomParts {
  const { clock, logger, output, replays, identity, ffmpeg, mediaDir, clipEpochMs } = options;
  const { packetLimits: limits, rtspReader = 'ffmpeg' } = options;
  const cameras = new CameraMemory();
  const streamLogger = logger.child({ component: 'stream' });
  const opening = { ffmpeg, clock, mediaDir, clipEpochMs, cameras };
  const openFrames = createOpenFfmpeg(opening);
  const openOnCpu =
    limits === undefined
      ? openFrames
      : createOpenPackets({ ...opening, logger: streamLogger, limits, rtspReader, openFrames });
  const open = withDecoder({ preset: options.decoder ?? 'cpu', open: openOnCpu, logger: streamLogger });
  const openStream = (spec: StreamSpec): RoomStream =>
    new FfmpegRoomStream({ spec, clock, logger: streamLogger, open, camera: cameras.of(spec.address) });
  const workers = new WeakMap<ModelHost, HostWorker>();
  const frameIds = new Map<number, number>();
  const context: RoomContext = {
    clock,
    logger: logger.child({ component: 'room' }),
    output,
    lookBacks: new OneAtATime(),
    lookBackLimitMs: options.lookBackLimitMs ?? usualLookBackLimitMs,
    replays,
    identity,
    openStream,
    workerOf: (model) => {
      const worker = workers.get(model) ?? new HostWorker({ clock, isAlive: () => model.stats.pid !== undefined });
      workers.set(model, worker);
      return worker;
    },
    nextFrameId: (sourceId) => {
      const id = (frameIds.get(sourceId) ?? 0) + 1;
      frameIds.set(sourceId, id);
      return id;
    },
    fallPolicy: options.fallPolicy ?? defaultFallPolicy,
    originMs: clock.now() - clock.monotonic(),
  };
  return {
    openStream,
    loadModel: createLoadModel({
      clock,
      logger: logger.child({ component: 'model' }),
      modelsDir: options.modelsDir,
      ffmpeg,
      threads: options.modelThreads,
      providers: options.providers,
      limits: options.modelLimits,
      onLoaded: options.onModelLoaded,
    }),
    monitorRoom: (roomOptions) => {
      const monitor = new RoomMonitor(roomOptions, context);
      monitor.start();
      return monitor;
    },
  };
}
