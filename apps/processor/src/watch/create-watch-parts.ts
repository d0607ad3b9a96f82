import type { Clock, Logger } from '@vigilia/service';
import { defaultFallPolicy, type FallPolicy } from '@vigilia/vision';
import { createLoadModel } from '../model/load-model.ts';
import type { ModelHostLimits } from '../model/supervised-model-host.ts';
import { HostWorker } from '../schedule/host-worker.ts';
import { CameraMemory } from '../stream/camera-memory.ts';
import { createOpenFfmpeg } from '../stream/open-ffmpeg.ts';
import { FfmpegRoomStream } from '../stream/room-stream.ts';
import type { ModelHost, RoomStream, StreamSpec, WatchOutput, WatchParts } from './ports.ts';
import { StreamRoomWatch } from './room-watch.ts';
import type { WatchContext } from './watch-context.ts';

export interface WatchPartsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly output: WatchOutput;
  /** Read anew for each message: `rename_instance` changes it. */
  readonly identity: { readonly instanceId: string; readonly bootId: string };
  /** Path of ffmpeg (`stream/find-ffmpeg.ts`). */
  readonly ffmpeg: string;
  readonly modelsDir: string;
  readonly mediaDir?: string | undefined;
  /** Demo: since when the clips have been playing, epoch ms. */
  readonly clipEpochMs?: number | undefined;
  readonly fallPolicy?: FallPolicy | undefined;
  /** Threads of a model; default what the CPU quota allows. */
  readonly modelThreads?: number | undefined;
  readonly modelLimits?: Partial<ModelHostLimits>;
}

/** Builds the three factories that the reconciler prepares with, on real ffmpeg and ONNX Runtime. */
export function createWatchParts(options: WatchPartsOptions): WatchParts {
  const { clock, logger, output, identity, ffmpeg, mediaDir, clipEpochMs } = options;
  const cameras = new CameraMemory();
  const open = createOpenFfmpeg({ ffmpeg, clock, mediaDir, clipEpochMs, cameras });
  const streamLogger = logger.child({ component: 'stream' });
  const openStream = (spec: StreamSpec): RoomStream =>
    new FfmpegRoomStream({ spec, clock, logger: streamLogger, open, camera: cameras.of(spec.address) });
  const workers = new WeakMap<ModelHost, HostWorker>();
  const frameIds = new Map<number, number>();
  const context: WatchContext = {
    ...{ clock, logger: logger.child({ component: 'watch' }), output, identity, openStream },
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
      ...{ clock, logger: logger.child({ component: 'model' }), modelsDir: options.modelsDir, ffmpeg },
      threads: options.modelThreads,
      ...(options.modelLimits && { limits: options.modelLimits }),
    }),
    createRoomWatch: (watchOptions) => {
      const watch = new StreamRoomWatch(watchOptions, context);
      watch.start();
      return watch;
    },
  };
}
