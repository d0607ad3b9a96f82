import { isDeepStrictEqual } from 'node:util';
import { type RoomState, withoutUndefined, type Zone } from '@vigilia/protocol';
import type { RoomConfig } from '../config/processor-config.ts';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { RoomParts } from '../room/create-room-parts.ts';
import type { MonitorSettings } from '../room/monitor-settings.ts';
import type { MonitoredRoom } from '../room/room-monitor.ts';
import type { RoomStream } from '../stream/room-stream.ts';
import type { SwitchedRoom } from './measure-gaps.ts';
import type { Pipeline } from './pipeline.ts';
import type { RoomPlan } from './plan-change.ts';
import type { PreparedChange } from './prepare-change.ts';

export interface SwitchOptions {
  readonly pipeline: Pipeline;
  readonly prepared: PreparedChange;
  readonly parts: Pick<RoomParts, 'monitorRoom'>;
  /** Monotonic, ms. */
  readonly nowMs: number;
  readonly paused: boolean;
  /** What the last watcher of a room left for the next. */
  restoredRoom(sourceId: number): RoomState | undefined;
}

/** What a switch left behind: the new pipeline, who was switched, and what is to be ended. */
export interface Switched {
  readonly pipeline: Pipeline;
  readonly rooms: readonly SwitchedRoom[];
  readonly retired: readonly { stop(): Promise<void> }[];
}

/** One synchronous step: from the next frame on the new parts are used. Nothing in here waits, and nothing in here may fail. */
export function switchOver(options: SwitchOptions): Switched {
  const { pipeline, prepared, nowMs } = options;
  const monitors = new Map<number, MonitoredRoom>();
  const rooms: SwitchedRoom[] = [];
  const retired: { stop(): Promise<void> }[] = [];
  for (const plan of prepared.rooms) {
    const { sourceId } = plan.room;
    const existing = pipeline.monitors.get(sourceId);
    const monitor = existing ?? takeRoom(plan, options);
    const oldStream = existing?.stream;
    const beforeMs = existing?.lastResultMs() ?? nowMs;
    if (existing === undefined || switchRoom(existing, plan, prepared)) {
      rooms.push({ monitor, beforeMs });
    }
    if (oldStream !== undefined && oldStream !== monitor.stream) {
      retired.push(oldStream);
    }
    monitors.set(sourceId, monitor);
  }
  for (const [sourceId, monitor] of pipeline.monitors) {
    if (!monitors.has(sourceId)) {
      retired.push({ stop: () => letGo(monitor) });
    }
  }
  const kept = new Set(prepared.models.values());
  retired.push(...[...pipeline.models.values()].filter((host) => !kept.has(host)));
  return { pipeline: { monitors, models: prepared.models }, rooms, retired };
}

function takeRoom(plan: RoomPlan, options: SwitchOptions): MonitoredRoom {
  const { sourceId } = plan.room;
  const stream = requirePart(options.prepared.streams.get(sourceId), 'stream', sourceId);
  const model = requirePart(options.prepared.models.get(plan.room.modelId), 'model', sourceId);
  const restored = options.restoredRoom(sourceId);
  const monitor = options.parts.monitorRoom({
    sourceId,
    stream,
    model,
    settings: watchSettings(plan.room, restored?.zones),
    singleSession: plan.room.singleSession,
    restored,
  });
  if (options.paused) {
    monitor.pause();
  }
  return monitor;
}

/** Whether anything was different. */
function switchRoom(monitor: MonitoredRoom, plan: RoomPlan, prepared: PreparedChange): boolean {
  const stream: RoomStream | undefined = prepared.streams.get(plan.room.sourceId);
  const model: ModelHost = requirePart(prepared.models.get(plan.room.modelId), 'model', plan.room.sourceId);
  const settings = watchSettings(plan.room, monitor.settings.zones);
  const parts = withoutUndefined({
    stream,
    model: model === monitor.model ? undefined : model,
    settings: isDeepStrictEqual(settings, monitor.settings) ? undefined : settings,
  });
  if (Object.keys(parts).length === 0) return false;
  monitor.switchTo(parts);
  monitor.dueNow();
  return true;
}

/** `travelled`: the zones that came with the room; they count while no others were configured here. */
function watchSettings(room: RoomConfig, travelled: readonly Zone[] | undefined): MonitorSettings {
  return {
    maxFps: room.maxFps,
    confidence: room.confidence,
    tracking: room.tracking,
    zones: room.zones ?? travelled,
  };
}

async function letGo(monitor: MonitoredRoom): Promise<void> {
  await monitor.stop();
  await monitor.stream.stop();
}

function requirePart<T>(part: T | undefined, what: string, sourceId: number): T {
  if (part === undefined) throw new Error(`${what} of room ${sourceId} was planned but not prepared`);
  return part;
}
