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
  uriSchema,
} from './fields.ts';
import { followedCommandSchema, followedSettings } from './ownership.ts';
import { zonesSchema } from './zones.ts';

/** The camera of a room that has an address of its own. It is retained and many read it, so it holds no credentials. */
const roomAddressSchema = z.object({ uri: uriSchema, set_at: timestampSchema });

/** One room of the desired state. */
const desiredRoomSchema = z.object({
  home: instanceIdSchema,
  model_id: modelIdSchema.optional(),
  max_fps: maxFpsSchema.optional(),
  zones: zonesSchema.optional(),
  aspect: aspectSchema.optional(),
  rotate: rotateSchema.optional(),
  /** Left out: the room is read from the stream server. */
  address: roomAddressSchema.optional(),
  name: nameSchema.optional(),
  /** The ward that the room belongs to; always as the policy names it. */
  ward: nameSchema.optional(),
  /** Identifies the request that added the room: when the broker delivers that again, it is not another one for the same number. */
  added_by: nameSchema.optional(),
  /** The last operator's command that each setting follows. */
  followed: z.partialRecord(z.enum(followedSettings), followedCommandSchema).optional(),
});
export type DesiredRoom = z.infer<typeof desiredRoomSchema>;

/** `nvr/orchestrator/rooms`, retained: which home monitors which room when there is no incident. Keys are room numbers. */
export const desiredRoomsSchema = z.object({
  rooms: recordSchema(desiredRoomSchema, roomKeySchema),
  /** Rooms that were removed, and when: a processor that still monitors one of them lets go of it. */
  removed: recordSchema(timestampSchema, roomKeySchema).optional(),
  updated_at: timestampSchema,
  revision: z.int().min(0),
});
export type DesiredRooms = z.infer<typeof desiredRoomsSchema>;
