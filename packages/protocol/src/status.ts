import { z } from 'zod';
import {
  amountSchema,
  aspectSchema,
  bootIdSchema,
  commandIdSchema,
  confidenceSchema,
  decodeSchema,
  incidentIdSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  modelSha256Schema,
  nameSchema,
  rotateSchema,
  sourceIdSchema,
  timestampSchema,
} from './fields.ts';
import { removedStreamSchema, setBySchema, settingOwnerSchema } from './ownership.ts';
import { zonesSchema } from './zones.ts';

const processorStatuses = ['starting', 'running', 'reconfiguring', 'paused', 'error', 'stopping', 'offline'] as const;
const processorStatusSchema = z.enum(processorStatuses);
export type ProcessorStatusName = z.infer<typeof processorStatusSchema>;

/** A room as its processor sees it. `uri` is redacted: no credentials, ever. */
const streamStatusSchema = z.object({
  source_id: sourceIdSchema,
  uri: z.string().max(4096),
  model_id: modelIdSchema,
  max_fps: maxFpsSchema,
  confidence: confidenceSchema,
  tracking: z.boolean(),
  decode: decodeSchema,
  /** What `decode: auto` came to. */
  decoding: z.enum(['keyframes', 'full']).optional(),
  keyframe_interval_ms: amountSchema.optional(),
  state: z.enum(['starting', 'watching', 'blind', 'paused']),
  blind_since: timestampSchema.optional(),
  blind_cause: z.string().max(1024).optional(),
  last_result_at: timestampSchema.optional(),
  zones_configured: z.boolean(),
  /** Set on this processor; left out where the zones came with the room or there are none. */
  zones: zonesSchema.optional(),
  /** Corrections of the frames; left out where there are none. */
  aspect: aspectSchema.optional(),
  rotate: rotateSchema.optional(),
  /** Who set each setting; left out by processors of earlier versions. */
  set_by: setBySchema.optional(),
});
export type StreamStatus = z.infer<typeof streamStatusSchema>;

const processorConfigSchema = z.object({
  model_id: modelIdSchema,
  max_fps: maxFpsSchema,
  confidence: confidenceSchema,
  tracking: z.boolean(),
  decode: decodeSchema,
  control: z.boolean(),
  /** Who set what later rooms start with. */
  set_by: setBySchema.optional(),
});

/** A model that rooms are analysed with. */
const modelStatusSchema = z.object({
  model_id: modelIdSchema,
  /** What computes it, by its name in ONNX Runtime: `cpu`, `webgpu`, `cuda`. */
  provider: nameSchema,
  /** Left out by processors of earlier versions. */
  sha256: modelSha256Schema.optional(),
});

const lastErrorSchema = z.object({
  command: nameSchema,
  command_id: commandIdSchema,
  code: nameSchema,
  at: timestampSchema,
});

/** `nvr/control/status/{instance_id}` (retained; last will `offline`) and its shared copy. */
export const statusSchema = z.object({
  instance_id: instanceIdSchema,
  client_id: nameSchema,
  boot_id: bootIdSchema,
  /** Of the program; left out by processors of earlier versions. */
  version: nameSchema.optional(),
  role: z.enum(['home', 'dedicated']),
  incident_id: incidentIdSchema.optional(),
  status: processorStatusSchema,
  timestamp: timestampSchema,
  config: processorConfigSchema.optional(),
  config_source: z.enum(['flags', 'state', 'mixed']).optional(),
  streams: z.array(streamStatusSchema).max(1000).optional(),
  /** Models that this processor can load; left out by processors of earlier versions. */
  available_models: z.array(modelIdSchema).max(1000).optional(),
  /** Left out by processors of earlier versions. */
  models: z.array(modelStatusSchema).max(1000).optional(),
  /** Rooms that commands took from this processor. */
  removed_streams: z.array(removedStreamSchema).max(1000).optional(),
  /** Who paused it; left out while it is not paused. */
  paused_by: settingOwnerSchema.optional(),
  /** The name before the last `rename_instance`. */
  renamed_from: instanceIdSchema.optional(),
  health: z.enum(['ok', 'degraded', 'failing']).optional(),
  uptime_seconds: amountSchema.optional(),
  last_error: lastErrorSchema.optional(),
  pong: z.literal(true).optional(),
});
export type Status = z.infer<typeof statusSchema>;
