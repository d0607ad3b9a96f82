import {
  aspectSchema,
  confidenceSchema,
  decodeSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  removedStreamSchema,
  rotateSchema,
  type SettingOwner,
  setBySchema,
  sourceIdSchema,
  timestampSchema,
  uriSchema,
  withoutUndefined,
  zonesSchema,
} from '@vigilia/protocol';
import { z } from 'zod';
import { newRoom, type ProcessorConfig, type RoomConfig, type RoomSettings } from '../config/processor-config.ts';
import { ownedBy } from '../config/setting-owners.ts';

const settingsFields = {
  model_id: modelIdSchema,
  max_fps: maxFpsSchema,
  confidence: confidenceSchema,
  tracking: z.boolean(),
  decode: decodeSchema,
};

const roomSchema = z.object({
  source_id: sourceIdSchema,
  ...settingsFields,
  uri: uriSchema.optional(),
  zones: zonesSchema.optional(),
  single_session: z.boolean(),
  aspect: aspectSchema.nullable().optional(),
  rotate: rotateSchema.optional(),
  set_by: setBySchema.optional(),
});

export const storedStateVersion = 1;

/** The file in `--state-dir`: the accepted configuration, and the name when it was changed. */
export const storedStateSchema = z.object({
  version: z.literal(storedStateVersion),
  saved_at: timestampSchema,
  instance_id: instanceIdSchema,
  defaults: z.object(settingsFields),
  set_by: setBySchema.optional(),
  rooms: z.array(roomSchema),
  removed: z.array(removedStreamSchema).default([]),
});
export type StoredState = z.infer<typeof storedStateSchema>;

/** Restart counters are not kept: after a start everything is new. */
export function toStored(config: ProcessorConfig, instanceId: string, savedAt: string): StoredState {
  return {
    version: storedStateVersion,
    saved_at: savedAt,
    instance_id: instanceId,
    defaults: storedSettings(config.defaults),
    set_by: config.setBy,
    rooms: config.rooms.map(storedRoom),
    removed: config.removed.map(({ sourceId, setBy }) => ({ source_id: sourceId, set_by: setBy })),
  };
}

/**
 * Returns the kept configuration. A state of an earlier version does not know the owners of settings: they count as the flags of
 * that life, because an orchestrator has written down what operators changed.
 */
export function fromStored(stored: StoredState): ProcessorConfig {
  const flags: SettingOwner = { by: 'flags', at: stored.saved_at };
  const rooms = stored.rooms.map((room) =>
    newRoom(
      settingsOf(room),
      room.source_id,
      withoutUndefined({
        singleSession: room.single_session,
        setBy: room.set_by ?? { ...ownedBy(flags, settingsOf(room)), stream: flags },
        uri: room.uri,
        zones: room.zones,
        aspect: room.aspect,
        rotate: room.rotate,
      }),
    ),
  );
  const defaults = settingsOf(stored.defaults);
  return {
    defaults,
    setBy: stored.set_by ?? ownedBy(flags, defaults),
    rooms: sortedOnce(rooms),
    removed: stored.removed.map(({ source_id: sourceId, set_by: setBy }) => ({ sourceId, setBy })),
    modelGeneration: 0,
  };
}

function storedRoom(room: RoomConfig): StoredState['rooms'][number] {
  return withoutUndefined({
    source_id: room.sourceId,
    ...storedSettings(room),
    single_session: room.singleSession,
    set_by: room.setBy,
    uri: room.uri,
    zones: room.zones === undefined ? undefined : [...room.zones],
    aspect: room.aspect,
    rotate: room.rotate,
  });
}

function storedSettings(settings: RoomSettings): StoredState['defaults'] {
  const { modelId, maxFps, confidence, tracking, decode } = settings;
  return { model_id: modelId, max_fps: maxFps, confidence, tracking, decode };
}

function settingsOf(stored: StoredState['defaults']): RoomSettings {
  const { model_id: modelId, max_fps: maxFps, confidence, tracking, decode } = stored;
  return { modelId, maxFps, confidence, tracking, decode };
}

function sortedOnce(rooms: readonly RoomConfig[]): RoomConfig[] {
  const byId = new Map(rooms.map((room) => [room.sourceId, room]));
  return [...byId.values()].sort((a, b) => a.sourceId - b.sourceId);
}
