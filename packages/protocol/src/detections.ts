import { z } from 'zod';
import { instanceIdSchema, sourceIdSchema, timestampSchema } from './fields.ts';

export const postures = ['up', 'sitting', 'low', 'bed', 'unsure'] as const;

/** Centre and size in pixels of the camera's image. */
export const bboxSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
export type Bbox = z.infer<typeof bboxSchema>;

export const detectionSchema = z.object({
  class_name: z.string(),
  confidence: z.number().min(0).max(1),
  bbox: bboxSchema,
  tracker_id: z.int().optional(),
  keypoints: z.array(z.object({ x: z.number(), y: z.number(), visibility: z.number() })).optional(),
  posture: z.enum(postures).optional(),
});
export type DetectionPayload = z.infer<typeof detectionSchema>;

/** `nvr/detections/{source_id}`: one for every analysed frame, also without detections: the proof that a room is watched. */
export const detectionsSchema = z.object({
  instance_id: instanceIdSchema,
  boot_id: z.string(),
  source_id: sourceIdSchema,
  /** Counts up per stream and boot. */
  frame_id: z.int().min(0),
  /** When the frame left ffmpeg. */
  timestamp: timestampSchema,
  model_id: z.string(),
  inference_time_ms: z.number(),
  /** Publish minus frame. */
  latency_ms: z.number(),
  fps: z.number(),
  /** The camera's picture, px: what `bbox` is measured in. */
  image: z.object({ width: z.int(), height: z.int() }).optional(),
  detections: z.array(detectionSchema),
});
export type DetectionsMessage = z.infer<typeof detectionsSchema>;

/**
 * When the message was published, epoch ms by its processor's clock: what a test on one machine measures unwatched time with, so
 * that it is not its own lateness that it measures.
 */
export function publishedAtMs({ timestamp, latency_ms }: Pick<DetectionsMessage, 'timestamp' | 'latency_ms'>): number {
  return Date.parse(timestamp) + latency_ms;
}
