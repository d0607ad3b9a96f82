import {
  aspectSchema,
  confidenceSchema,
  decodeSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  rotateSchema,
  sourceIdSchema,
  uriSchema,
  zonesSchema,
} from '@vigilia/protocol';
import { z } from 'zod';
import { newRoom, type ProcessorConfig, type RoomConfig, type RoomSettings } from '../config/processor-config.ts';

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
});

/** The file in `--state-dir`: the accepted configuration, and the name when it was changed. */
export const storedStateSchema = z.object({
  version: z.literal(1),
  saved_at: z.string(),
  instance_id: instanceIdSchema,
  defaults: z.object(settingsFields),
  rooms: z.array(roomSchema),
});
export type StoredState = z.infer<typeof storedStateSchema>;

/** Restart counters are not kept: after a start everything is new. */
export function toStored(config: ProcessorConfig, instanceId: string, savedAt: string): StoredState {
  return {
    version: 1,
    saved_at: savedAt,
    instance_id: instanceId,
    defaults: storedSettings(config.defaults),
    rooms: config.rooms.map(storedRoom),
  };
}

export function fromStored(stored: StoredState): ProcessorConfig {
  const rooms = stored.rooms.map((room) =>
    newRoom(settingsOf(room), room.source_id, {
      singleSession: room.single_session,
      ...(room.uri !== undefined && { uri: room.uri }),
      ...(room.zones !== undefined && { zones: room.zones }),
      ...(room.aspect !== undefined && { aspect: room.aspect }),
      ...(room.rotate !== undefined && { rotate: room.rotate }),
    }),
  );
  return { defaults: settingsOf(stored.defaults), rooms: sortedOnce(rooms), modelGeneration: 0 };
}

function storedRoom(room: RoomConfig): StoredState['rooms'][number] {
  return {
    source_id: room.sourceId,
    ...storedSettings(room),
    single_session: room.singleSession,
    ...(room.uri !== undefined && { uri: room.uri }),
    ...(room.zones !== undefined && { zones: [...room.zones] }),
    ...(room.aspect !== undefined && { aspect: room.aspect }),
    ...(room.rotate !== undefined && { rotate: room.rotate }),
  };
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
