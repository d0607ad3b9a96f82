import { z } from 'zod';
import {
  amountSchema,
  bootIdSchema,
  confidenceSchema,
  instanceIdSchema,
  nameSchema,
  pixelsSchema,
  sourceIdSchema,
  timestampSchema,
} from './fields.ts';

/** What a detection shows of a person. */
export const postures = ['up', 'sitting', 'low', 'bed', 'unsure'] as const;

/** Centre and size in square pixels of the camera's frame. */
export const bboxSchema = z.object({ x: pixelsSchema, y: pixelsSchema, width: pixelsSchema, height: pixelsSchema });

const keypointSchema = z.object({ x: pixelsSchema, y: pixelsSchema, visibility: confidenceSchema });

export const detectionSchema = z.object({
  class_name: nameSchema,
  confidence: confidenceSchema,
  bbox: bboxSchema,
  tracker_id: z.int().optional(),
  keypoints: z.array(keypointSchema).max(256).optional(),
  posture: z.enum(postures).optional(),
});
export type DetectionPayload = z.infer<typeof detectionSchema>;

/** `nvr/detections/{source_id}`: one for every analysed frame, also without detections: the proof that a room is watched. */
export const detectionsSchema = z.object({
  instance_id: instanceIdSchema,
  boot_id: bootIdSchema,
  source_id: sourceIdSchema,
  /** Counts up per stream and boot. */
  frame_id: z.int().min(0),
  /** When the frame left ffmpeg. */
  timestamp: timestampSchema,
  model_id: nameSchema,
  inference_time_ms: amountSchema,
  /** Publish minus frame. */
  latency_ms: z.number(),
  fps: amountSchema,
  /** The camera's frame in square pixels: what `bbox` is measured in. */
  image: z.object({ width: z.int().min(1).max(65_536), height: z.int().min(1).max(65_536) }).optional(),
  detections: z.array(detectionSchema).max(1000),
});
export type DetectionsMessage = z.infer<typeof detectionsSchema>;

/**
 * Returns when the message was published, epoch ms by its processor's clock: what a test on one machine measures unwatched time
 * with, so that the test's own lateness does not count.
 */
export function publishedAtMs({ timestamp, latency_ms }: Pick<DetectionsMessage, 'timestamp' | 'latency_ms'>): number {
  return Date.parse(timestamp) + latency_ms;
}
