import { z } from 'zod';
import {
  aspectSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  nameSchema,
  recordSchema,
  roomKeySchema,
  rotateSchema,
  timestampSchema,
} from './fields.ts';
import { followedCommandSchema, followedSettings } from './ownership.ts';
import { zonesSchema } from './zones.ts';

/** One room of the desired state. */
const desiredRoomSchema = z.object({
  home: instanceIdSchema,
  model_id: modelIdSchema.optional(),
  max_fps: maxFpsSchema.optional(),
  zones: zonesSchema.optional(),
  aspect: aspectSchema.optional(),
  rotate: rotateSchema.optional(),
  name: nameSchema.optional(),
  /** The ward that the room belongs to; always as the policy names it. */
  ward: nameSchema.optional(),
  /** The last operator's command that each setting follows. */
  followed: z.partialRecord(z.enum(followedSettings), followedCommandSchema).optional(),
});
export type DesiredRoom = z.infer<typeof desiredRoomSchema>;

/** `nvr/orchestrator/rooms`, retained: which home monitors which room when there is no incident. Keys are room numbers. */
export const desiredRoomsSchema = z.object({
  rooms: recordSchema(desiredRoomSchema, roomKeySchema),
  updated_at: timestampSchema,
  revision: z.int().min(0),
});
export type DesiredRooms = z.infer<typeof desiredRoomsSchema>;
