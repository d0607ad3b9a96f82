import { z } from 'zod';
import {
  confidenceSchema,
  decodeSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  sourceIdSchema,
  uriSchema,
} from './fields.ts';
import { zonesSchema } from './zones.ts';

const room = { source_id: sourceIdSchema };
const maybeRoom = { source_id: sourceIdSchema.optional() };
const none = z.object({});

/** Take a model also when it finds nobody in the embedded picture of a person (docs/models.md). */
const forced = { force: z.boolean().optional() };

/** What one room of a `reconfigure` or `add_stream` may say. */
const streamFields = {
  uri: uriSchema.optional(),
  max_fps: maxFpsSchema.optional(),
  model_id: modelIdSchema.optional(),
  zones: zonesSchema.optional(),
  confidence: confidenceSchema.optional(),
  tracking: z.boolean().optional(),
  decode: decodeSchema.optional(),
  single_session: z.boolean().optional(),
};

const settingsFields = {
  max_fps: maxFpsSchema.optional(),
  model_id: modelIdSchema.optional(),
  confidence: confidenceSchema.optional(),
  tracking: z.boolean().optional(),
  decode: decodeSchema.optional(),
};

/**
 * `reconfigure`: settings for all rooms and the wanted rooms at once, all or nothing. `streams`, when given, is the
 * whole list: a room that is not in it is removed; a room that is in it keeps what its entry does not name.
 */
export const changesSchema = z.object({
  ...settingsFields,
  streams: z
    .array(z.object({ ...room, ...streamFields }))
    .max(1000)
    .optional(),
});
export type Changes = z.infer<typeof changesSchema>;

const plainCommandSchemas = {
  restart: z.object(maybeRoom),
  change_model: z.object({ model_id: modelIdSchema, ...maybeRoom, ...forced }),
  set_fps: z.object({ max_fps: maxFpsSchema, ...maybeRoom }),
  add_stream: z.object({ ...room, ...streamFields, require_frame: z.boolean().optional(), ...forced }),
  remove_stream: z.object(room),
  change_stream_uri: z.object({ ...room, uri: uriSchema }),
  set_confidence: z.object({ confidence: confidenceSchema, ...maybeRoom }),
  enable_tracking: z.object({ enabled: z.boolean(), ...maybeRoom }),
  set_zones: z.object({ ...room, zones: zonesSchema }),
  set_decode: z.object({ mode: decodeSchema, ...maybeRoom }),
  reconfigure: z.object({ changes: changesSchema, ...forced }),
  pause: none,
  resume: none,
  stop: none,
  status: none,
  metrics: none,
  ping: none,
  snapshot: z.object({ ...room, reveal: z.boolean().optional(), by: z.string().min(1).max(128).optional() }),
  rename_instance: z.object({ new_instance_id: instanceIdSchema }),
};

/** Commands that may stand in a batch: those that edit the configuration and nothing else. */
export const batchableCommands = [
  'restart',
  'change_model',
  'set_fps',
  'add_stream',
  'remove_stream',
  'change_stream_uri',
  'set_confidence',
  'enable_tracking',
  'set_zones',
  'set_decode',
  'reconfigure',
] as const;

const batchEntrySchema = z.object({
  command: z.enum(batchableCommands),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** The parameters of every command, by its name. */
export const commandSchemas = {
  ...plainCommandSchemas,
  batch_commands: z.object({ commands: z.array(batchEntrySchema).min(1).max(64) }),
};

export type CommandName = keyof typeof commandSchemas;
export type CommandParams<N extends CommandName> = z.infer<(typeof commandSchemas)[N]>;
/** A command whose parameters were checked, as a tagged union over `command`. */
export type Command = { [N in CommandName]: { readonly command: N; readonly params: CommandParams<N> } }[CommandName];
export type BatchableCommand = Extract<Command, { command: (typeof batchableCommands)[number] }>;

export const commandNames = Object.keys(commandSchemas) as CommandName[];

export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandSchemas, name);
}

/** One line for people, used by the generated table of commands and by `vigilia send --help`. */
export const commandSummaries: { readonly [N in CommandName]: string } = {
  restart: 'Open the camera (of one room or of all) and load the model anew, beside the running ones.',
  change_model:
    'Watch with another model, one room or all of them; with `force` also one that finds nobody in the embedded picture.',
  set_fps: 'Analyse this many frames a second (0.01 to 30).',
  add_stream: 'Watch another room; its address follows from the stream server unless `uri` is given.',
  remove_stream: 'Let go of a room. The last one may go too.',
  change_stream_uri: 'Take a room from another address.',
  set_confidence: 'Report detections from this confidence (0 to 1).',
  enable_tracking: 'Give detections a `tracker_id`, or stop doing so.',
  set_zones: 'Say where the bed, sofa, mat, exits and masked areas of a room are.',
  set_decode: 'Decode keyframes only, every frame, or choose by the wanted rate (auto).',
  reconfigure: 'Change settings and rooms at once, all or nothing.',
  batch_commands: 'Run an ordered list of commands as one change, all or nothing.',
  pause: 'Stop analysing; cameras and models stay open and warm.',
  resume: 'Analyse again.',
  stop: 'End the processor with exit code 0 (under a restart policy that means restart).',
  status: 'Publish the status.',
  metrics: 'Publish the full metrics report.',
  ping: 'Publish the status with `pong: true`.',
  snapshot: 'Publish one picture of a room, coarse unless `reveal`; refused unless the policy allows pictures.',
  rename_instance: 'Take another instance id: topics, last will and client id move with it.',
};
