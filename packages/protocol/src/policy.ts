import { z } from 'zod';
import { type ClipMode, clipModes } from './clips.ts';
import {
  aspectSchema,
  instanceIdSchema,
  keepUnknown,
  maxFpsSchema,
  modelIdSchema,
  providerSchema,
  recordSchema,
  roomKeySchema,
  rotateSchema,
  sourceIdSchema,
} from './fields.ts';
import { zonesSchema } from './zones.ts';

const seconds = (fallback: number, description: string) =>
  z.number().min(0).max(86_400).default(fallback).meta({ description, unit: 's' });

/** Analysed frames per second of rooms. */
const rate = (fallback: number, description: string) =>
  maxFpsSchema.default(fallback).meta({ description, unit: 'fps' });

/** What staff with the right to it may see of an incident beside its replay. */
const showClipsSchema = z.enum(['off', ...clipModes]);

/** A room as the policy seeds it. */
const policyRoomSchema = keepUnknown({
  home: instanceIdSchema.describe('The processor that monitors the room in quiet times'),
  name: z.string().max(128).optional().describe('What people call the room'),
  ward: z.string().min(1).max(128).optional().describe('The ward that the room belongs to, for reports and accounts'),
  model_id: modelIdSchema.optional().describe('A model of its own; otherwise quiet.model_id'),
  max_fps: maxFpsSchema.optional().meta({ description: 'A rate of its own; otherwise quiet.max_fps', unit: 'fps' }),
  zones: zonesSchema.optional().describe('Bed, sofa, floor_mat, exit and ignore polygons in 0..1 of the frame'),
  aspect: aspectSchema
    .optional()
    .describe('Aspect of the frame (16:9) where the camera squeezes it and its stream does not flag that'),
  rotate: rotateSchema
    .optional()
    .meta({ description: 'Degrees clockwise (0, 90, 180, 270) that turn the frame upright', unit: '°' }),
  clips: showClipsSchema
    .optional()
    .describe('Clips of falls in this room: off, blurred or plain; otherwise clips.show'),
});

/**
 * The orchestrator's policy file (YAML) and the payload of `set_policy`. Every value has a default. Fields that this version does not know are
 * kept: they belong to a newer one.
 */
export const policySchema = keepUnknown({
  rooms: recordSchema(policyRoomSchema, roomKeySchema).default({}).describe('Room number → home, name, zones'),
  homes: z
    .array(instanceIdSchema)
    .max(1000)
    .default([])
    .describe('Processors that may be given rooms of a home that is offline, beside the homes of rooms'),
  quiet: keepUnknown({
    model_id: modelIdSchema
      .optional()
      .describe('Model in quiet times; without it the one that each processor starts with'),
    max_fps: rate(0.1, 'Rate at which a room is analysed in quiet times'),
  })
    .prefault({})
    .describe('How rooms are monitored in quiet times'),
  incident: keepUnknown({
    model_id: modelIdSchema
      .optional()
      .describe('Model of the dedicated processor; without it the one that the processor starts with'),
    providers: z
      .array(providerSchema)
      .min(1)
      .max(8)
      .optional()
      .describe('What computes that model: the first that works of cuda, webgpu, cpu …, then the CPU'),
    max_fps: rate(1, 'Rate at which the dedicated processor analyses the room of a fall'),
  })
    .prefault({})
    .describe('How the dedicated processor monitors the room of a fall'),
  relief: keepUnknown({
    max_fps: rate(0.05, 'Rate that the other rooms are slowed down to while an incident lasts'),
    scope: z
      .enum(['home', 'all', 'none'])
      .default('home')
      .describe('Which rooms are slowed down: those of the same home, all, or none'),
  })
    .prefault({})
    .describe('Rate of the other rooms while an incident lasts'),
  degraded: keepUnknown({ max_fps: rate(0.5, 'Rate at which the home then analyses the room of a fall') })
    .prefault({})
    .describe('Rate at home when no dedicated processor can be started'),
  limits: keepUnknown({
    max_dedicated: z
      .int()
      .min(0)
      .max(64)
      .default(2)
      .meta({ description: 'Dedicated processors that may run at the same time', unit: 'processors' }),
    cpus: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'CPUs that dedicated processors may use together', unit: 'CPU' }),
    memory_mb: z
      .number()
      .positive()
      .optional()
      .meta({ description: 'Memory that dedicated processors may use together', unit: 'MB' }),
    cpus_per_dedicated: z
      .number()
      .positive()
      .default(1)
      .meta({ description: 'CPUs that one dedicated processor counts for', unit: 'CPU' }),
    memory_mb_per_dedicated: z
      .number()
      .positive()
      .default(700)
      .meta({ description: 'Memory that one dedicated processor counts for', unit: 'MB' }),
    max_rooms_per_dedicated: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .meta({ description: 'Rooms that one dedicated processor takes when no further one may start', unit: 'rooms' }),
    incidents_per_second: z
      .number()
      .positive()
      .default(1)
      .meta({ description: 'Incidents that are opened per second at most', unit: 'incidents/s' }),
  })
    .prefault({})
    .describe('What dedicated processors may use'),
  timings: keepUnknown({
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
    .prefault({})
    .describe('How long things may take'),
  spawn_attempts: z.int().min(1).max(20).default(3).meta({
    description: 'Starts of a dedicated processor that may fail before the incident is degraded',
    unit: 'starts',
  }),
  trigger: z
    .enum(['fall_detected', 'fall_suspected'])
    .default('fall_detected')
    .describe('What opens an incident: a detected fall, or already a suspected one'),
  standby: z.int().min(0).max(8).default(0).meta({
    description: 'Dedicated processors kept started, so that the next incident does not wait',
    unit: 'processors',
  }),
  replay: keepUnknown({
    enabled: z.boolean().default(true).describe('Whether falls are kept as stick figures without images'),
    days: z
      .number()
      .min(0.01)
      .max(365)
      .default(30)
      .meta({ description: 'A replay is deleted this long after its fall', unit: 'days' }),
  })
    .prefault({})
    .describe('Stick figures of the seconds around a fall'),
  clips: keepUnknown({
    show: showClipsSchema
      .default('off')
      .describe('Clips of falls, kept in memory and never stored: off, blurred or plain'),
    minutes: z
      .number()
      .min(1)
      .max(1440)
      .default(60)
      .meta({ description: 'A clip is deleted this long after its incident began', unit: 'min' }),
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
