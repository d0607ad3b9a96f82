import {
  modelIdSchema,
  type ProcessorStatusName,
  type SettingOwner,
  type Status,
  type StreamStatus,
  withoutUndefined,
} from '@vigilia/protocol';
import { redactUrl, version } from '@vigilia/service';
import type { ProcessorConfig, RoomConfig } from '../config/processor-config.ts';
import type { ModelHost } from '../model/supervised-model-host.ts';
import type { BlindCause } from '../stream/blindness.ts';
import type { DecodeMode } from '../stream/stream-spec.ts';
import type { Identity } from './identity.ts';

/** A watched room as it stands. Times are wall clock, ms. */
export interface RoomStatusFacts {
  readonly room: RoomConfig;
  readonly address: string;
  readonly decoding: DecodeMode;
  readonly keyframeIntervalMs: number | undefined;
  readonly blind: { readonly cause: BlindCause; readonly sinceMs: number } | undefined;
  readonly lastResultAtMs: number | undefined;
  readonly zonesConfigured: boolean;
}

export type ConfigSource = NonNullable<Status['config_source']>;

/** Bound of the list in a message. */
const mostModels = 1000;

export interface StatusFacts {
  readonly identity: Identity;
  readonly status: ProcessorStatusName;
  readonly nowMs: number;
  readonly uptimeMs: number;
  readonly config: ProcessorConfig;
  readonly configSource: ConfigSource;
  readonly control: boolean;
  readonly paused: boolean;
  /** Who paused it. */
  readonly pausedBy: SettingOwner | undefined;
  readonly rooms: readonly RoomStatusFacts[];
  /** Names of the files of models; a name that cannot be an id is left out. */
  readonly availableModels: readonly string[];
  readonly models: readonly Pick<ModelHost, 'modelId' | 'stats' | 'sha256'>[];
  readonly lastError: Status['last_error'];
}

/** The payload of `nvr/control/status/{instance_id}`. */
export function buildStatus(facts: StatusFacts): Status {
  const { identity, config, lastError, pausedBy } = facts;
  return withoutUndefined({
    ...identityFields(identity),
    status: facts.status,
    timestamp: iso(facts.nowMs),
    config: {
      model_id: config.defaults.modelId,
      max_fps: config.defaults.maxFps,
      confidence: config.defaults.confidence,
      tracking: config.defaults.tracking,
      decode: config.defaults.decode,
      control: facts.control,
      set_by: config.setBy,
    },
    config_source: facts.configSource,
    streams: facts.rooms.map((view) => streamStatus(view, facts.paused)),
    available_models: facts.availableModels.filter((id) => modelIdSchema.safeParse(id).success).slice(0, mostModels),
    models: facts.models.map(({ modelId, stats, sha256 }) =>
      withoutUndefined({ model_id: modelId, provider: stats.provider, sha256 }),
    ),
    removed_streams: config.removed.map(({ sourceId, setBy }) => ({ source_id: sourceId, set_by: setBy })),
    paused_by: facts.paused && pausedBy !== undefined ? pausedBy : undefined,
    renamed_from: identity.renamedFrom,
    health: health(facts.rooms),
    uptime_seconds: Math.round(facts.uptimeMs / 100) / 10,
    last_error: lastError,
  });
}

/** The last will: what the broker publishes when this processor vanishes. */
export function offlineStatus(identity: Identity, nowMs: number): Status {
  return { ...identityFields(identity), status: 'offline', timestamp: iso(nowMs) };
}

function identityFields(
  identity: Identity,
): Pick<Status, 'instance_id' | 'client_id' | 'boot_id' | 'version' | 'role' | 'incident_id'> {
  return withoutUndefined({
    instance_id: identity.instanceId,
    client_id: identity.instanceId,
    boot_id: identity.bootId,
    version,
    role: identity.role,
    incident_id: identity.incidentId,
  });
}

function streamStatus(view: RoomStatusFacts, paused: boolean): StreamStatus {
  const { room, blind } = view;
  return withoutUndefined({
    source_id: room.sourceId,
    uri: redactUrl(view.address),
    model_id: room.modelId,
    max_fps: room.maxFps,
    confidence: room.confidence,
    tracking: room.tracking,
    decode: room.decode,
    decoding: view.decoding,
    keyframe_interval_ms: Number.isFinite(view.keyframeIntervalMs)
      ? Math.round(view.keyframeIntervalMs ?? 0)
      : undefined,
    state: streamState(view, paused),
    blind_since: blind === undefined ? undefined : iso(blind.sinceMs),
    blind_cause: blind?.cause,
    last_result_at: view.lastResultAtMs === undefined ? undefined : iso(view.lastResultAtMs),
    zones_configured: view.zonesConfigured,
    zones: room.zones === undefined ? undefined : [...room.zones],
    aspect: typeof room.aspect === 'string' ? room.aspect : undefined,
    rotate: room.rotate,
    set_by: room.setBy,
  });
}

function streamState(view: RoomStatusFacts, paused: boolean): StreamStatus['state'] {
  if (paused) return 'paused';
  if (view.blind === undefined) return 'watching';
  return view.blind.cause === 'starting' ? 'starting' : 'blind';
}

/** Some rooms blind is degraded, all of them failing. A room that is only being opened is neither. */
function health(rooms: readonly RoomStatusFacts[]): NonNullable<Status['health']> {
  const blind = rooms.filter((room) => room.blind !== undefined && room.blind.cause !== 'starting').length;
  if (blind === 0) return 'ok';
  return blind === rooms.length ? 'failing' : 'degraded';
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
