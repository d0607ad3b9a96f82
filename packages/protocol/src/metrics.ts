import { z } from 'zod';
import {
  amountSchema,
  bootIdSchema,
  commandIdSchema,
  instanceIdSchema,
  nameSchema,
  recordSchema,
  sourceIdSchema,
  timestampSchema,
} from './fields.ts';

const roomMetricsSchema = z.looseObject({
  source_id: sourceIdSchema,
  fps: amountSchema,
  /** Frames offered by the camera, analysed by the model, skipped because the model was busy with others. */
  offered: amountSchema,
  analysed: amountSchema,
  skipped: amountSchema,
  /** Without a picture, by cause. */
  blind_seconds: recordSchema(amountSchema),
  /** Without a result for longer than the room's rate allows, and the same by what the room was waiting for. */
  unwatched_seconds: amountSchema,
  unwatched_by_cause: recordSchema(amountSchema).optional(),
  people: amountSchema,
});
export type RoomMetrics = z.infer<typeof roomMetricsSchema>;

/** `nvr/status/metrics/{instance_id}`: light, retained, QoS 0, every `metrics_interval`. */
export const metricsSchema = z.looseObject({
  instance_id: instanceIdSchema,
  boot_id: bootIdSchema,
  timestamp: timestampSchema,
  uptime_seconds: amountSchema,
  rooms: z.array(roomMetricsSchema).max(1000),
  inference_time_ms: amountSchema.optional(),
  memory_mb: amountSchema.optional(),
  cpu_percent: amountSchema.optional(),
});
export type MetricsMessage = z.infer<typeof metricsSchema>;

/** `nvr/control/status/metrics/{instance_id}`: everything, after the command `metrics`. */
export const metricsReportSchema = metricsSchema.extend({
  command_id: commandIdSchema.optional(),
  models: z
    .array(
      z.looseObject({
        model_id: nameSchema,
        pid: amountSchema.optional(),
        restarts: amountSchema,
        lost: amountSchema,
        failed: amountSchema.optional(),
        usual_ms: amountSchema.optional(),
        provider: nameSchema.optional().describe('What computes it, by its name in ONNX Runtime: cpu, webgpu, cuda'),
      }),
    )
    .max(1000),
  commands: recordSchema(amountSchema).optional(),
});
export type MetricsReport = z.infer<typeof metricsReportSchema>;
