import { z } from 'zod';
import { type ClipMode, clipModes } from './clips.ts';
import {
  aspectSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  recordSchema,
  roomKeySchema,
  rotateSchema,
  sourceIdSchema,
} from './fields.ts';
import { zonesSchema } from './zones.ts';

const seconds = (fallback: number, describe: string) =>
  z.number().min(0).max(86_400).default(fallback).describe(describe);

/** What staff with the right to it may see of an incident beside its replay. */
const showClipsSchema = z.enum(['off', ...clipModes]);

/** A room as the policy seeds it. */
const policyRoomSchema = z.object({
  home: instanceIdSchema.describe('The processor that monitors the room in quiet times'),
  name: z.string().max(128).optional().describe('What people call the room'),
  ward: z.string().min(1).max(128).optional().describe('The ward that the room belongs to, for reports and accounts'),
  model_id: modelIdSchema.optional().describe('A model of its own; otherwise quiet.model_id'),
  max_fps: maxFpsSchema.optional().describe('A rate of its own; otherwise quiet.max_fps'),
  zones: zonesSchema.optional().describe('Bed, sofa, floor_mat, exit and ignore polygons in 0..1 of the frame'),
  aspect: aspectSchema
    .optional()
    .describe('Aspect of the frame (16:9) where the camera squeezes it and its stream does not flag that'),
  rotate: rotateSchema.optional().describe('Degrees clockwise (0, 90, 180, 270) that turn the frame upright'),
  clips: showClipsSchema
    .optional()
    .describe('Clips of falls in this room: off, blurred or plain; otherwise clips.show'),
});

/** The orchestrator's policy file (YAML) and the payload of `set_policy`. Every value has a default. */
export const policySchema = z.object({
  rooms: recordSchema(policyRoomSchema, roomKeySchema).default({}).describe('Room number → home, name, zones'),
  homes: z
    .array(instanceIdSchema)
    .max(1000)
    .default([])
    .describe('Processors that may be given rooms of a home that is offline, beside the homes of rooms'),
  quiet: z
    .object({ model_id: modelIdSchema.optional(), max_fps: maxFpsSchema.default(0.1) })
    .prefault({})
    .describe('How rooms are monitored in quiet times'),
  incident: z
    .object({ model_id: modelIdSchema.optional(), max_fps: maxFpsSchema.default(1) })
    .prefault({})
    .describe('How the dedicated processor monitors the room of a fall'),
  relief: z
    .object({ max_fps: maxFpsSchema.default(0.05), scope: z.enum(['home', 'all', 'none']).default('home') })
    .prefault({})
    .describe('Rate of the other rooms while an incident lasts'),
  degraded: z
    .object({ max_fps: maxFpsSchema.default(0.5) })
    .prefault({})
    .describe('Rate at home when no dedicated processor can be started'),
  limits: z
    .object({
      max_dedicated: z.int().min(0).max(64).default(2),
      cpus: z.number().positive().optional().describe('CPUs that dedicated processors may use together'),
      memory_mb: z.number().positive().optional().describe('Memory that dedicated processors may use together'),
      cpus_per_dedicated: z.number().positive().default(1),
      memory_mb_per_dedicated: z.number().positive().default(700),
      max_rooms_per_dedicated: z.int().min(1).max(64).default(4),
      incidents_per_second: z.number().positive().default(1),
    })
    .prefault({}),
  timings: z
    .object({
      up_before_close_seconds: seconds(30, 'Person up for this long after acknowledgment closes the incident'),
      up_before_return_seconds: seconds(300, 'Person up for this long sends the room home, acknowledged or not'),
      max_duration_seconds: seconds(
        1800,
        'After acknowledgment the dedicated watch lasts at most this long while no person is seen down',
      ),
      home_silent_seconds: seconds(10, 'A home without a sign of life for this long counts as offline'),
      spawn_timeout_seconds: seconds(60, 'A dedicated processor must show detections within this time'),
      retry_seconds: seconds(60, 'In degraded mode the dedicated processor is tried again this often'),
      orphan_grace_seconds: seconds(60, 'An adopted dedicated processor is not stopped before this age'),
      drill_seconds: seconds(900, 'A drill with alerts that no person has closed ends after this long'),
      keep_closed_seconds: seconds(86_400, 'A closed incident stays on the broker for this long'),
    })
    .prefault({}),
  spawn_attempts: z.int().min(1).max(20).default(3),
  trigger: z.enum(['fall_detected', 'fall_suspected']).default('fall_detected'),
  standby: z.int().min(0).max(8).default(0).describe('Standbys kept ready'),
  replay: z
    .object({
      enabled: z.boolean().default(true).describe('Whether falls are kept as stick figures without images'),
      days: z.number().min(0.01).max(365).default(30).describe('A replay is deleted this long after its fall'),
    })
    .prefault({})
    .describe('Stick figures of the seconds around a fall'),
  clips: z
    .object({
      show: showClipsSchema
        .default('off')
        .describe('Clips of falls, kept in memory and never stored: off, blurred or plain'),
      minutes: z.number().min(1).max(1440).default(60).describe('A clip is deleted this long after its incident began'),
    })
    .prefault({})
    .describe('Frames of the seconds around a fall, for users with the right to see them'),
  snapshots: z.boolean().default(false).describe('Whether a snapshot may leave a processor'),
});

/** With every default filled in. */
export type Policy = z.infer<typeof policySchema>;
/** As people write it. */
export type PolicyInput = z.input<typeof policySchema>;

/**
 * JSON schema for editors (`# yaml-language-server: $schema=`): of a file, in which what nothing reads is a mistake, but for `x-…`
 * at its top.
 */
export function policyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(policySchema, {
    io: 'input',
    override: ({ jsonSchema }) => {
      if (jsonSchema.properties !== undefined) {
        jsonSchema.additionalProperties = false;
      }
    },
  });
  return { ...schema, patternProperties: { '^x-': {} } };
}

/** Returns what the policy lets a clip of a fall in this room show; undefined: there is none. */
export function clipModeOf({ rooms, clips }: Policy, sourceId: number): ClipMode | undefined {
  const show = rooms[String(sourceId)]?.clips ?? clips.show;
  return show === 'off' ? undefined : show;
}

/** Room numbers of a policy, sorted. */
export function policyRooms(policy: Policy): number[] {
  return Object.keys(policy.rooms)
    .map((key) => sourceIdSchema.parse(Number(key)))
    .sort((a, b) => a - b);
}
