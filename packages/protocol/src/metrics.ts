import { z } from 'zod';
import { instanceIdSchema, sourceIdSchema, timestampSchema } from './fields.ts';

export const roomMetricsSchema = z.looseObject({
  source_id: sourceIdSchema,
  fps: z.number(),
  /** Frames offered by the camera, analysed by the model, skipped because the model was busy with others. */
  offered: z.number(),
  analysed: z.number(),
  skipped: z.number(),
  /** Without a picture, by cause. */
  blind_seconds: z.record(z.string(), z.number()),
  /** Without a result for longer than the room's rate allows, and the same by what the room was waiting for. */
  unwatched_seconds: z.number(),
  unwatched_by_cause: z.record(z.string(), z.number()).optional(),
  people: z.number(),
});
export type RoomMetrics = z.infer<typeof roomMetricsSchema>;

/** `nvr/status/metrics/{instance_id}`: light, retained, QoS 0, every `metrics_interval`. */
export const metricsSchema = z.looseObject({
  instance_id: instanceIdSchema,
  boot_id: z.string(),
  timestamp: timestampSchema,
  uptime_seconds: z.number(),
  rooms: z.array(roomMetricsSchema),
  inference_time_ms: z.number().optional(),
  memory_mb: z.number().optional(),
  cpu_percent: z.number().optional(),
});
export type MetricsMessage = z.infer<typeof metricsSchema>;

/** `nvr/control/status/metrics/{instance_id}`: everything, after the command `metrics`. */
export const metricsReportSchema = metricsSchema.extend({
  command_id: z.string().optional(),
  models: z.array(
    z.looseObject({
      model_id: z.string(),
      pid: z.number().optional(),
      restarts: z.number(),
      lost: z.number(),
      failed: z.number().optional(),
      usual_ms: z.number().optional(),
    }),
  ),
  commands: z.record(z.string(), z.number()).optional(),
});
export type MetricsReport = z.infer<typeof metricsReportSchema>;
