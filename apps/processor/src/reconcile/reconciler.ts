import { isDeepStrictEqual } from 'node:util';
import { type ChangeResult, type RoomState, withoutUndefined } from '@vigilia/protocol';
import type { Clock, Logger } from '@vigilia/service';
import type { CameraView } from '@vigilia/vision';
import { initialConfig, type ProcessorConfig, type RoomSettings } from '../config/processor-config.ts';
import { sameValues } from '../config/setting-owners.ts';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { RoomParts } from '../room/create-room-parts.ts';
import type { MonitoredRoom } from '../room/room-monitor.ts';
import { InputSizes } from './input-sizes.ts';
import { KeyframeMemory } from './keyframe-memory.ts';
import type { ReconcileLimits } from './limits.ts';
import { awaitLateResult, type Gaps, measureGaps, type SwitchedRoom } from './measure-gaps.ts';
import { emptyPipeline, type Pipeline } from './pipeline.ts';
import { planRooms, type RunningView, roomsToRemove, type StreamRules } from './plan-change.ts';
import { type PreparedChange, prepareChange } from './prepare-change.ts';
import { type Switched, switchOver } from './switch-over.ts';

export interface ReconcilerOptions {
  readonly parts: RoomParts;
  readonly rules: StreamRules;
  readonly limits: ReconcileLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the last watcher of a room left for the next. */
  restoredRoom(sourceId: number): RoomState | undefined;
  /** Keeps an accepted configuration; a change whose configuration cannot be kept does not happen. */
  persist(config: ProcessorConfig): Promise<void>;
  /** In the same step as the switch. */
  onSwitched(change: { added: readonly number[]; removed: readonly number[] }): void;
  /** A room that had no result within the limit after a switch had its first one. */
  onLateResult(late: { sourceId: number; gapMs: number; traceId: string | undefined }): void;
}

export interface ApplyOptions {
  readonly signal: AbortSignal;
  readonly allowBlind?: readonly number[];
  /** Models that are refused when they find no person in the embedded picture of one. */
  readonly mustFindPerson?: readonly string[];
  /** Choose anew what `decode: auto` comes to, and the size of frames where it follows the camera. */
  readonly retune?: boolean;
  /** Of the command that asks for the change. */
  readonly traceId?: string | undefined;
}

/**
 * Prepare, switch, retire: makes the running pipeline what a configuration asks for, without touching the rooms for which
 * nothing changes. Changes come one at a time (the command queue sees to that).
 */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #keyframes = new KeyframeMemory();
  readonly #inputSizes: InputSizes;
  #config: ProcessorConfig;
  #pipeline: Pipeline = emptyPipeline;
  #paused = false;
  #stopped: Promise<void> | undefined;

  constructor(options: ReconcilerOptions, defaults: RoomSettings) {
    this.#options = options;
    this.#inputSizes = new InputSizes({ restoredRoom: (sourceId) => options.restoredRoom(sourceId) });
    this.#config = initialConfig(defaults, []);
  }

  get config(): ProcessorConfig {
    return this.#config;
  }

  get monitors(): readonly MonitoredRoom[] {
    return [...this.#pipeline.monitors.values()];
  }

  get models(): readonly ModelHost[] {
    return [...this.#pipeline.models.values()];
  }

  get paused(): boolean {
    return this.#paused;
  }

  keyframeIntervalMs(sourceId: number): number | undefined {
    return this.#keyframes.intervalMs(sourceId);
  }

  /**
   * Loads the models and starts watching; cameras that do not answer start blind and are tried again for ever.
   * @throws CommandError when a model cannot be loaded.
   */
  async start(config: ProcessorConfig, signal: AbortSignal): Promise<void> {
    const allowBlind = config.rooms.map((room) => room.sourceId);
    const limits = { ...this.#options.limits, blindGraceMs: 0 };
    const prepared = await this.#prepare(config, { signal, allowBlind }, limits);
    this.#switch(config, prepared);
  }

  /**
   * Makes `next` the running configuration, or changes nothing.
   * @returns how long it took and how long each switched room was without a result.
   * @throws CommandError `model_not_found`, `model_invalid`, `stream_unreachable`, `timeout`; or what `persist` threw.
   */
  async apply(next: ProcessorConfig, apply: ApplyOptions): Promise<ChangeResult> {
    const { clock, limits, persist } = this.#options;
    const startedMs = clock.monotonic();
    const changed = !sameValues(this.#config, next);
    const prepared = await this.#prepare(next, apply, limits);
    try {
      // also when only the owner of a setting is another: that has to outlast a restart too
      if (!isDeepStrictEqual(this.#config, next)) {
        await persist(next);
      }
    } catch (error) {
      await prepared.discard();
      throw error;
    }
    const switchedMs = clock.monotonic();
    const switched = this.#switch(next, prepared);
    const [gaps] = await Promise.all([
      this.#gaps(switched, prepared, switchedMs, apply.traceId),
      this.#retire(switched),
    ]);
    return withoutUndefined({
      changed,
      duration_ms: Math.round(clock.monotonic() - startedMs),
      gap_ms: gaps,
      still_blind: prepared.stillBlind.length > 0 ? [...prepared.stillBlind] : undefined,
    });
  }

  /** Whether what was measured since makes another decoding (in `auto`) or another size of frames better for some room. */
  needsRetune(): boolean {
    this.#observe();
    const plans = planRooms({
      next: this.#config,
      running: this.#view(),
      rules: this.#options.rules,
      inputSize: (camera) => this.#inputSizes.inputSize(camera, this.#pipeline.models),
      retune: true,
    });
    return plans.some(({ spec, room }) => {
      const now = this.#pipeline.monitors.get(room.sourceId)?.stream.spec;
      return now?.decode !== spec.decode || now.width !== spec.width || now.height !== spec.height;
    });
  }

  /** Stops analysing; streams and models stay open and warm. */
  pause(): void {
    this.#paused = true;
    for (const monitor of this.monitors) {
      monitor.pause();
    }
  }

  resume(): void {
    this.#paused = false;
    for (const monitor of this.monitors) {
      monitor.resume();
    }
  }

  /** Ends every monitor, stream and model. Idempotent. */
  stop(): Promise<void> {
    this.#stopped ??= this.#retire({
      retired: [...this.monitors, ...this.monitors.map((monitor) => monitor.stream), ...this.models],
    });
    return this.#stopped;
  }

  #observe(): void {
    this.#keyframes.observe(this.monitors);
    this.#inputSizes.observe(this.monitors);
  }

  #prepare(next: ProcessorConfig, apply: ApplyOptions, limits: ReconcileLimits): Promise<PreparedChange> {
    this.#observe();
    return prepareChange({
      ...this.#options,
      next,
      limits,
      pipeline: this.#pipeline,
      running: this.#view(),
      inputSizes: this.#inputSizes,
      allowBlind: apply.allowBlind ?? [],
      mustFindPerson: apply.mustFindPerson ?? [],
      retune: apply.retune ?? false,
      signal: apply.signal,
    });
  }

  #switch(next: ProcessorConfig, prepared: PreparedChange): Switched {
    const { parts, clock, restoredRoom, onSwitched } = this.#options;
    const removed = roomsToRemove(this.#config, next);
    const added = prepared.rooms.filter((plan) => plan.added).map((plan) => plan.room.sourceId);
    const switched = switchOver({
      pipeline: this.#pipeline,
      prepared,
      parts,
      restoredRoom,
      nowMs: clock.monotonic(),
      paused: this.#paused,
    });
    this.#pipeline = switched.pipeline;
    this.#config = next;
    onSwitched({ added, removed });
    return switched;
  }

  /** Rooms without a picture, and a paused processor, have no gap to measure. */
  async #gaps(switched: Switched, prepared: PreparedChange, switchedMs: number, traceId?: string): Promise<Gaps> {
    const { limits } = this.#options;
    const measurable = (room: SwitchedRoom): boolean =>
      !this.#paused &&
      !prepared.stillBlind.includes(room.monitor.sourceId) &&
      room.monitor.stream.blind() === undefined;
    const unmeasured = Object.fromEntries(switched.rooms.map(({ monitor }) => [String(monitor.sourceId), null]));
    const gaps = await measureGaps(switched.rooms.filter(measurable), switchedMs, limits.gapMs);
    for (const room of switched.rooms.filter(measurable)) {
      if (gaps[String(room.monitor.sourceId)] === null) {
        void this.#reportLate(room, switchedMs, traceId);
      }
    }
    return { ...unmeasured, ...gaps };
  }

  async #reportLate(room: SwitchedRoom, switchedMs: number, traceId: string | undefined): Promise<void> {
    const { sourceId } = room.monitor;
    const wanted = (): boolean => this.#stopped === undefined && this.#pipeline.monitors.get(sourceId) === room.monitor;
    const gapMs = await awaitLateResult(room, switchedMs, this.#options.limits.gapMs, wanted);
    if (gapMs !== undefined) {
      this.#options.onLateResult({ sourceId, gapMs, traceId });
    }
  }

  async #retire({ retired }: Pick<Switched, 'retired'>): Promise<void> {
    const results = await Promise.allSettled(retired.map((part) => part.stop()));
    for (const result of results) {
      if (result.status === 'rejected') {
        this.#options.logger.error({ event: 'retire_failed', err: result.reason }, 'could not end a retired part');
      }
    }
  }

  #view(): RunningView {
    return {
      config: this.#config,
      spec: (sourceId) => this.#pipeline.monitors.get(sourceId)?.stream.spec,
      keyframeIntervalMs: (sourceId) => this.#keyframes.intervalMs(sourceId),
      travelledView: (sourceId) => cameraViewOf(this.#options.restoredRoom(sourceId)),
    };
  }
}

function cameraViewOf(room: RoomState | undefined): CameraView | undefined {
  const view = room?.camera_view;
  return view === undefined ? undefined : { aspect: view.aspect, rotate: view.rotate };
}
