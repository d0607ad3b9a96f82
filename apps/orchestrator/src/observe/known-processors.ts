import {
  type Command,
  type DetectionsMessage,
  type FollowedSetting,
  followedSettings,
  type MetricsMessage,
  type Restores,
  type RoomSettingName,
  type SetBy,
  type SettingOwner,
  type Status,
  type StreamStatus,
  withRestoredOwners,
} from '@vigilia/protocol';
import { detectionsAreFresh, detectionsAreSteady } from '../plan/recent-detections.ts';
import type { ObservedProcessor, OperatorChange, StreamView } from '../plan/view.ts';

/** A processor's record: what the planner sees as `ObservedProcessor`, kept up to date in place. */
type ProcessorRecord = { -readonly [K in keyof ObservedProcessor]: ObservedProcessor[K] } & {
  streams: Map<number, StreamView>;
  detections: Map<number, number>;
  seenSince: Map<number, number>;
  listedSince: Map<number, number>;
  operatorChanges: Map<number, ReadonlyMap<FollowedSetting, OperatorChange>>;
  /** When it was heard to have done with starting. */
  readyMs?: number;
};

/** A life of at least this long earns the next one a start in peace. */
const lastingMs = 30_000;

/** Who wants a command that a processor completed, and what of it was an operator's choice. */
export interface CompletedBy {
  readonly owner: SettingOwner;
  readonly restores?: Restores | undefined;
  readonly nowMs: number;
}

/** All processors that ever published something, by name. Times are monotonic milliseconds, given by the caller. */
export class KnownProcessors {
  readonly #records = new Map<string, ProcessorRecord>();

  get all(): ReadonlyMap<string, ObservedProcessor> {
    return this.#records;
  }

  /** A connection (again): what was heard before it proves nothing any more. */
  connected(nowMs: number): void {
    for (const record of this.#records.values()) {
      record.confirmed = false;
      record.lastSignMs = nowMs;
    }
  }

  /**
   * A status. A retained one of another boot than the one that was heard to live is old; so is an `offline` of another
   * boot (the last will of a life before).
   */
  status(status: Status, retained: boolean, nowMs: number): void {
    if (!retained) {
      this.#forgetFormerName(status);
    }
    const known = this.#records.get(status.instance_id);
    const sameBoot = known?.bootId === status.boot_id;
    if (known !== undefined && !sameBoot && known.confirmed && (retained || status.status === 'offline')) return;
    const record = known !== undefined && sameBoot ? known : this.#newLife(status, nowMs, known);
    const away = status.status === 'offline';
    if (record.status === 'starting' && status.status !== 'starting') {
      record.readyMs = nowMs;
    }
    record.status = status.status;
    record.role = status.role;
    if (status.incident_id !== undefined) {
      record.incidentId = status.incident_id;
    }
    if (status.config !== undefined) {
      const { control, max_fps, model_id } = status.config;
      record.control = control;
      record.defaults = { max_fps, model_id };
    }
    if (status.renamed_from !== undefined) {
      record.renamedFrom = status.renamed_from;
    }
    if (away && record.offlineSinceMs === undefined) {
      record.offlineSinceMs = nowMs;
    }
    if (!away) {
      delete record.offlineSinceMs;
    }
    if (!retained) {
      this.#sign(record, nowMs);
    } else if (!record.confirmed) {
      record.lastSignMs = Math.max(record.lastSignMs, nowMs);
    }
    if (status.streams !== undefined) {
      this.#streams(record, status.streams, nowMs);
    }
    // what is only retained may be older than what the desired state follows
    if (status.streams !== undefined && !retained) {
      noteOperators(record, status);
    }
  }

  /** The runtime ended it; its own last word is still on its way. */
  ended(instanceId: string, nowMs: number): void {
    const record = this.#records.get(instanceId);
    if (record === undefined || record.status === 'offline') return;
    record.status = 'offline';
    record.offlineSinceMs = nowMs;
  }

  /** The orchestrator cleared its status: the processor is forgotten. */
  forget(instanceId: string): void {
    this.#records.delete(instanceId);
  }

  /**
   * An empty retained status. A processor that is known to live keeps its record: any client may clear a topic, and the next
   * status comes soon. Returns whether that is news.
   */
  cleared(instanceId: string): boolean {
    const record = this.#records.get(instanceId);
    if (record === undefined || (record.confirmed && record.status !== 'offline')) return false;
    return this.#records.delete(instanceId);
  }

  /**
   * Returns whether it is news: the first since it took the room, or after it had lost sight of it, or from another life; and
   * the one with which others may let go of the room.
   */
  detection(message: DetectionsMessage, nowMs: number): boolean {
    const record = this.#records.get(message.instance_id);
    if (record === undefined) return false;
    if (record.bootId !== message.boot_id) return this.#doubt(record);
    const { source_id: sourceId } = message;
    const begins = !record.confirmed || !detectionsAreFresh(record, sourceId, nowMs);
    const wasSteady = !begins && detectionsAreSteady(record, sourceId, nowMs);
    this.#sign(record, nowMs);
    record.detections.set(sourceId, nowMs);
    if (begins) {
      record.seenSince.set(sourceId, nowMs);
    }
    return begins || wasSteady !== detectionsAreSteady(record, sourceId, nowMs);
  }

  metrics(message: MetricsMessage, retained: boolean, nowMs: number): void {
    const record = this.#records.get(message.instance_id);
    if (record === undefined) return;
    if (record.bootId !== message.boot_id) {
      if (!retained) {
        this.#doubt(record);
      }
      return;
    }
    if (!retained) {
      this.#sign(record, nowMs);
    }
    if (message.inference_time_ms !== undefined && message.inference_time_ms > 0) {
      record.inferenceMs = message.inference_time_ms;
    }
  }

  announced(instanceId: string, as: 'online' | 'offline'): void {
    const record = this.#records.get(instanceId);
    if (record !== undefined) {
      record.announced = as;
    }
  }

  /** A completed command of the orchestrator is in force before the next status shows it. */
  completed(instanceId: string, command: Command, { owner, restores, nowMs }: CompletedBy): void {
    const record = this.#records.get(instanceId);
    if (record === undefined) return;
    const owners = (setBy: SetBy): SetBy => withRestoredOwners(setBy, owner, restores);
    switch (command.command) {
      case 'set_fps':
        patch(record, command.params.source_id, { maxFps: command.params.max_fps }, owners({ max_fps: owner }));
        return;
      case 'change_model':
        patch(record, command.params.source_id, { modelId: command.params.model_id }, owners({ model_id: owner }));
        return;
      case 'set_camera': {
        const { source_id, aspect, rotate } = command.params;
        const change: Partial<StreamView> = {};
        if (aspect !== undefined) {
          Object.assign(change, { aspect: aspect ?? undefined });
        }
        if (rotate !== undefined) {
          Object.assign(change, { rotate });
        }
        patch(record, source_id, change, owners({ aspect: owner, rotate: owner }));
        return;
      }
      case 'set_zones': {
        const { source_id, zones } = command.params;
        patch(record, source_id, { zonesConfigured: true, zones }, owners({ zones: owner }));
        return;
      }
      case 'change_stream_uri': {
        const { source_id, uri } = command.params;
        patch(record, source_id, { uri }, owners({ uri: owner }));
        return;
      }
      case 'add_stream': {
        const { source_id, uri, max_fps = 1, model_id = 'unknown', zones, aspect, rotate } = command.params;
        if (record.streams.has(source_id)) return;
        record.streams.set(source_id, {
          modelId: model_id,
          maxFps: max_fps,
          uri,
          state: 'starting',
          zonesConfigured: zones !== undefined,
          zones,
          aspect,
          rotate,
        });
        record.listedSince.set(source_id, nowMs);
        return;
      }
      case 'remove_stream':
        this.#drop(record, command.params.source_id);
        return;
      default:
        return;
    }
  }

  /** A boot has one name at a time: under another one it was renamed. */
  #forgetFormerName({ boot_id: bootId, instance_id: instanceId, status }: Status): void {
    if (status === 'offline') return;
    for (const record of this.#records.values()) {
      if (record.bootId === bootId && record.instanceId !== instanceId) {
        this.#records.delete(record.instanceId);
      }
    }
  }

  #newLife(status: Status, nowMs: number, before?: ProcessorRecord): ProcessorRecord {
    const record: ProcessorRecord = {
      instanceId: status.instance_id,
      bootId: status.boot_id,
      role: status.role,
      status: status.status,
      control: true,
      lastSignMs: nowMs,
      confirmed: false,
      bootSeenMs: nowMs,
      comingSinceMs: comingSince(before, nowMs),
      streams: new Map(),
      detections: new Map(),
      seenSince: new Map(),
      listedSince: new Map(),
      defaults: {},
      operatorChanges: before?.operatorChanges ?? new Map(),
      removed: new Map(),
    };
    this.#records.set(status.instance_id, record);
    return record;
  }

  /** Another life speaks than the one that is known: which one is there has to be asked. Returns whether that is news. */
  #doubt(record: ProcessorRecord): boolean {
    const news = record.doubted !== true;
    record.doubted = true;
    return news;
  }

  #sign(record: ProcessorRecord, nowMs: number): void {
    record.confirmed = true;
    delete record.doubted;
    record.lastSignMs = nowMs;
  }

  #streams(record: ProcessorRecord, streams: readonly StreamStatus[], nowMs: number): void {
    const named = new Set(streams.map((stream) => stream.source_id));
    for (const sourceId of [...record.streams.keys()]) {
      if (!named.has(sourceId)) {
        this.#drop(record, sourceId);
      }
    }
    for (const stream of streams) {
      const { source_id, state, zones, aspect, rotate } = stream;
      record.streams.set(source_id, {
        modelId: stream.model_id,
        maxFps: stream.max_fps,
        uri: stream.uri,
        state,
        zonesConfigured: stream.zones_configured,
        zones,
        aspect,
        rotate,
        setBy: stream.set_by,
      });
      if (!record.listedSince.has(source_id)) {
        record.listedSince.set(source_id, nowMs);
      }
    }
  }

  #drop(record: ProcessorRecord, sourceId: number): void {
    record.streams.delete(sourceId);
    record.detections.delete(sourceId);
    record.seenSince.delete(sourceId);
    record.listedSince.delete(sourceId);
  }
}

/**
 * A new life may take its time from now on, unless the one before was only one more of the starts of a processor that keeps
 * ending, or was not heard any more since the connect: its rooms are waiting since then.
 */
function comingSince(before: ProcessorRecord | undefined, nowMs: number): number {
  if (before === undefined) return nowMs;
  const { confirmed, readyMs, bootSeenMs, lastSignMs, comingSinceMs } = before;
  if (!confirmed) return lastSignMs;
  return lastSignMs - (readyMs ?? bootSeenMs) >= lastingMs ? nowMs : comingSinceMs;
}

function patch(
  { streams }: ProcessorRecord,
  sourceId: number | undefined,
  change: Partial<StreamView>,
  owners: NonNullable<StreamView['setBy']>,
): void {
  for (const [id, stream] of streams) {
    if (sourceId !== undefined && id !== sourceId) continue;
    const setBy = stream.setBy === undefined ? undefined : { ...stream.setBy, ...owners };
    streams.set(id, { ...stream, ...change, setBy });
  }
}

/** What operators did, as a live status states it. Another author's later change does not make it unsaid. */
function noteOperators(record: ProcessorRecord, { streams = [], removed_streams: removed = [] }: Status): void {
  const removals = removed.filter(({ set_by }) => set_by.by === 'operator');
  record.removed = new Map(removals.map(({ source_id, set_by }) => [source_id, set_by]));
  for (const stream of streams) {
    const changes = new Map(record.operatorChanges.get(stream.source_id));
    for (const setting of followedSettings) {
      if (setting === 'removed') continue;
      const owner = stream.set_by?.[setting satisfies RoomSettingName];
      // what the orchestrator gave back does not hide a later change that the desired state does not follow yet
      if (owner?.by === 'operator' && (owner.restored !== true || !changes.has(setting))) {
        changes.set(setting, { owner, fields: { [setting]: stream[setting] } });
      }
    }
    record.operatorChanges.set(stream.source_id, changes);
  }
}
