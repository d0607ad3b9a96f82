import { z } from 'zod';
import { commandIdSchema, incidentIdSchema, instanceIdSchema, timestampSchema } from './fields.ts';

/** What a clip may show: so few pixels that no person can be recognised, or the room as the camera sees it. */
export const clipModes = ['blurred', 'plain'] as const;
export const clipModeSchema = z.enum(clipModes);
export type ClipMode = z.infer<typeof clipModeSchema>;

/** Falls of an incident that its clip shows: the first one and the last two. */
export const maxClipFalls = 3;

/** Frames of one processor in a clip: four per second, and some more where the camera's rate is not a multiple of that. */
export const maxClipFrames = maxClipFalls * 200;

/** Longest frame of a clip, bytes: JPEG. */
export const maxClipFrameBytes = 128 * 1024;

/** A public key of X25519, base64url. */
const x25519KeySchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'must be an X25519 key: 43 characters of base64url');

/** `nvr-clips/requests`: the console asks for the clip of an incident. */
export const clipRequestSchema = z.object({
  request_id: commandIdSchema,
  incident_id: incidentIdSchema,
  /** The frames are encrypted for the holder of its private half, which is made for this request and kept nowhere. */
  public_key: x25519KeySchema,
});
export type ClipRequest = z.infer<typeof clipRequestSchema>;

/** `nvr-clips/frames/{instance_id}`: one frame of a clip, encrypted. A processor that has no frame of the incident sends nothing. */
export const clipFrameSchema = z.object({
  request_id: commandIdSchema,
  instance_id: instanceIdSchema,
  incident_id: incidentIdSchema,
  /** Of the processor, for this request only. */
  public_key: x25519KeySchema,
  index: z
    .int()
    .min(0)
    .max(maxClipFrames - 1),
  /** Frames that this processor has. */
  count: z.int().min(1).max(maxClipFrames),
  /** When the camera sent the frame. */
  at: timestampSchema,
  mode: clipModeSchema,
  /** A JPEG, sealed with AES-256-GCM, base64. */
  sealed: z.base64().max(Math.ceil((maxClipFrameBytes * 4) / 3) + 64),
});
export type ClipFrame = z.infer<typeof clipFrameSchema>;

/** What keys of clips are made for. */
export const clipPurpose = 'vigilia clip 1';

/** Returns what the seal of a frame also covers: it opens only as this frame of this answer. */
export function clipFrameLabel(frame: Omit<ClipFrame, 'sealed'>): string {
  const { request_id, instance_id, incident_id, public_key, index, count, at, mode } = frame;
  return JSON.stringify([request_id, instance_id, incident_id, public_key, index, count, at, mode]);
}
