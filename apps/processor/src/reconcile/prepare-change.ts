import { isDeepStrictEqual } from 'node:util';
import { CommandError } from '@vigilia/protocol';
import type { Clock, Logger } from '@vigilia/service';
import type { ProcessorConfig } from '../config/processor-config.ts';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { RoomParts } from '../room/create-room-parts.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import { breakBeforeMake } from './break-before-make.ts';
import type { InputSizes } from './input-sizes.ts';
import { firstFrameLimitMs, type ReconcileLimits } from './limits.ts';
import type { Pipeline } from './pipeline.ts';
import { modelsNeeded, planRooms, type RoomPlan, type RunningView, type StreamRules } from './plan-change.ts';
import { prepareModels } from './prepare-models.ts';
import { prepareStreams, type StreamRequest } from './prepare-streams.ts';

export interface PrepareOptions {
  readonly next: ProcessorConfig;
  readonly pipeline: Pipeline;
  readonly running: RunningView;
  readonly inputSizes: InputSizes;
  /** Rooms that may start without a frame besides those that are blind already. */
  readonly allowBlind: readonly number[];
  /** Models that are refused when they find no person in the embedded picture of one. */
  readonly mustFindPerson: readonly string[];
  readonly retune: boolean;
  readonly parts: RoomParts;
  readonly rules: StreamRules;
  readonly limits: ReconcileLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Everything the new configuration needs, running beside the old. */
export interface PreparedChange {
  readonly rooms: readonly RoomPlan[];
  /** All models of the new configuration, those that were running included. */
  readonly models: ReadonlyMap<string, ModelHost>;
  readonly streams: ReadonlyMap<number, RoomStream>;
  readonly stillBlind: readonly number[];
  /** Ends what was prepared: nothing has changed. Single-session cameras get their old address back. */
  discard(): Promise<void>;
}

/**
 * Prepares what the new configuration needs: models first, because their input size decides the streams.
 * @throws CommandError; what was prepared by then has been ended.
 */
export async function prepareChange(options: PrepareOptions): Promise<PreparedChange> {
  const undo: (() => Promise<void>)[] = [];
  const discard = async (): Promise<void> => {
    const results = await Promise.allSettled(undo.splice(0).map((step) => step()));
    for (const result of results) {
      if (result.status === 'rejected') {
        options.logger.error({ event: 'discard_failed', err: result.reason }, 'could not end what was prepared');
      }
    }
  };
  try {
    const models = await loadModels(options, undo);
    const rooms = planRooms({ ...options, inputSize: (camera) => options.inputSizes.inputSize(camera, models) });
    const opened = await openBeside(options, rooms, undo);
    const broken = await openAfterBreak(options, rooms, undo);
    const streams = new Map([...opened.streams, ...broken.streams]);
    return { rooms, models, streams, stillBlind: [...opened.stillBlind, ...broken.stillBlind], discard };
  } catch (error) {
    await discard();
    throw error;
  }
}

async function loadModels(
  options: PrepareOptions,
  undo: (() => Promise<void>)[],
): Promise<ReadonlyMap<string, ModelHost>> {
  const { next, pipeline, running, limits } = options;
  const reusable =
    next.modelGeneration === running.config.modelGeneration ? pipeline.models : new Map<string, ModelHost>();
  const needed = modelsNeeded(next);
  const missing = needed.filter((modelId) => !reusable.has(modelId));
  const loaded = await prepareModels(missing, { ...options, limitMs: limits.modelMs });
  undo.push(async () => {
    await Promise.all([...loaded.values()].map((host) => host.stop()));
  });
  const all = new Map([...reusable, ...loaded]);
  const models = new Map([...all].filter(([modelId]) => needed.includes(modelId)));
  for (const modelId of options.mustFindPerson) {
    checkFindsPerson(models.get(modelId));
  }
  return models;
}

/** A model that was not tried on the picture is not refused: that shows nothing about it. */
function checkFindsPerson(host: ModelHost | undefined): void {
  if (host?.personConfidence !== 0) return;
  throw new CommandError(
    'model_invalid',
    `Model ${host.modelId} finds no person in the embedded picture of one, so it would not find people in a room. Check it with "vigilia models check ${host.modelId}"; send the command with "force": true to use it all the same.`,
    { field: 'model_id' },
  );
}

async function openBeside(options: PrepareOptions, rooms: readonly RoomPlan[], undo: (() => Promise<void>)[]) {
  const requests = rooms
    .filter((plan) => plan.openStream && !breaksFirst(plan, options.pipeline))
    .map((plan) => streamRequest(plan, options));
  const prepared = await prepareStreams(requests, { ...options, blindGraceMs: options.limits.blindGraceMs });
  undo.push(async () => {
    await Promise.all([...prepared.streams.values()].map((stream) => stream.stop()));
  });
  return prepared;
}

/** Last, when everything else is ready, so that the gap of these rooms is as short as it can be. */
async function openAfterBreak(options: PrepareOptions, rooms: readonly RoomPlan[], undo: (() => Promise<void>)[]) {
  const streams = new Map<number, RoomStream>();
  const stillBlind: number[] = [];
  for (const plan of rooms.filter((room) => room.openStream && breaksFirst(room, options.pipeline))) {
    const { sourceId } = plan.room;
    const monitor = options.pipeline.monitors.get(sourceId);
    if (monitor === undefined) continue;
    const broken = await breakBeforeMake(monitor, streamRequest(plan, options), options);
    undo.push(broken.undo);
    streams.set(sourceId, broken.stream);
    if (!broken.seen) {
      stillBlind.push(sourceId);
    }
  }
  return { streams, stillBlind };
}

/** A new room of a camera with a single session has no old session in its way, nor has a stream that shares it; a restart is to end it. */
function breaksFirst({ room, spec, added }: RoomPlan, pipeline: Pipeline): boolean {
  if (!room.singleSession || added) return false;
  const stream = pipeline.monitors.get(room.sourceId)?.stream;
  const shared = stream?.sharesSession(spec) === true;
  return !shared || isDeepStrictEqual(spec, stream?.spec);
}

function streamRequest(plan: RoomPlan, options: PrepareOptions): StreamRequest {
  const { sourceId } = plan.room;
  const wasBlind = options.pipeline.monitors.get(sourceId)?.stream.blind() !== undefined;
  return {
    spec: plan.spec,
    required: !wasBlind && !options.allowBlind.includes(sourceId),
    limitMs: firstFrameLimitMs(options.limits, options.running.keyframeIntervalMs(sourceId)),
  };
}
