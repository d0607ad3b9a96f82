import { z } from 'zod';
import {
  aspectSchema,
  confidenceSchema,
  decodeSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  nameSchema,
  recordSchema,
  rotateSchema,
  sourceIdSchema,
  uriSchema,
} from './fields.ts';
import { zonesSchema } from './zones.ts';

const room = { source_id: sourceIdSchema };
const maybeRoom = { source_id: sourceIdSchema.optional() };
const none = z.object({});

/** Use a model although it finds no person in the embedded picture of one (docs/models.md). */
const forced = { force: z.boolean().optional() };

const settingsFields = {
  max_fps: maxFpsSchema.optional(),
  model_id: modelIdSchema.optional(),
  confidence: confidenceSchema.optional(),
  tracking: z.boolean().optional(),
  decode: decodeSchema.optional(),
};

/** Settings that one room of `reconfigure` or `add_stream` may have. */
const streamFields = {
  uri: uriSchema.optional(),
  max_fps: settingsFields.max_fps,
  model_id: settingsFields.model_id,
  zones: zonesSchema.optional(),
  confidence: settingsFields.confidence,
  tracking: settingsFields.tracking,
  decode: settingsFields.decode,
  single_session: z.boolean().optional(),
  aspect: aspectSchema.optional(),
  rotate: rotateSchema.optional(),
};

/**
 * `reconfigure`: settings for all rooms and the wanted rooms at once, all or nothing. `streams`, when given, is the
 * whole list: a room that is not in it is removed; a room that is in it keeps what its entry does not name.
 */
const changesSchema = z.object({
  ...settingsFields,
  streams: z
    .array(z.object({ ...room, ...streamFields }))
    .max(1000)
    .optional(),
});
export type Changes = z.infer<typeof changesSchema>;

/**
 * `change`: edits the configuration, may stand in a batch. `batch`: several of them. `question`: answered at once, beside a
 * running change. `state`: changes the processor itself.
 */
type CommandKind = 'change' | 'batch' | 'question' | 'state';

interface CommandDescriptor<Kind extends CommandKind, Params> {
  readonly kind: Kind;
  readonly params: z.ZodType<Params>;
  /** One line for people: generated documents, help, forms. */
  readonly summary: string;
}

function describe<const Kind extends CommandKind, Params>(
  kind: Kind,
  params: z.ZodType<Params>,
  summary: string,
): CommandDescriptor<Kind, Params> {
  return { kind, params, summary };
}

const changeDescriptors = {
  restart: describe(
    'change',
    z.object(maybeRoom),
    'Open the camera (of one room or of all) and load the model again, while the running ones continue.',
  ),
  change_model: describe(
    'change',
    z.object({ model_id: modelIdSchema, ...maybeRoom, ...forced }),
    'Use another model, for one room or for all.',
  ),
  set_fps: describe(
    'change',
    z.object({ max_fps: maxFpsSchema, ...maybeRoom }),
    'Analyse this many frames per second (0.01 to 30).',
  ),
  add_stream: describe(
    'change',
    z.object({ ...room, ...streamFields, require_frame: z.boolean().optional(), ...forced }),
    'Monitor another room; its address follows from the stream server unless `uri` is given.',
  ),
  remove_stream: describe('change', z.object(room), 'Stop monitoring a room. The last room may be removed too.'),
  change_stream_uri: describe(
    'change',
    z.object({ ...room, uri: uriSchema }),
    'Read the camera of a room from another address.',
  ),
  set_confidence: describe(
    'change',
    z.object({ confidence: confidenceSchema, ...maybeRoom }),
    'Report detections from this confidence (0 to 1).',
  ),
  enable_tracking: describe(
    'change',
    z.object({ enabled: z.boolean(), ...maybeRoom }),
    'Give detections a `tracker_id`, or stop doing so.',
  ),
  set_zones: describe(
    'change',
    z.object({ ...room, zones: zonesSchema }),
    'Set the bed, sofa, mat, exits and masked areas of a room.',
  ),
  set_camera: describe(
    'change',
    z.object({ ...room, aspect: aspectSchema.nullable().optional(), rotate: rotateSchema.optional() }),
    'Correct the frames of a camera: aspect (16:9; null: as the stream flags it) and rotation.',
  ),
  set_decode: describe(
    'change',
    z.object({ mode: decodeSchema, ...maybeRoom }),
    'Decode keyframes only, every frame, or choose by the wanted rate (auto).',
  ),
  reconfigure: describe(
    'change',
    z.object({ changes: changesSchema, ...forced }),
    'Change settings and rooms at once, all or nothing.',
  ),
};

export type ChangeName = keyof typeof changeDescriptors;
type ParamsOf<D> = D extends CommandDescriptor<CommandKind, infer Params> ? Params : never;

/** A command that edits the configuration, with checked parameters. */
export type ChangeCommand = {
  [N in ChangeName]: { readonly command: N; readonly params: ParamsOf<(typeof changeDescriptors)[N]> };
}[ChangeName];

const changeNames = Object.keys(changeDescriptors) as [ChangeName, ...ChangeName[]];

/** An entry of a batch; its parameters are checked by `parseCommand`, which can name the entry at fault. */
const batchEntrySchema = z.object({
  command: z.enum(changeNames),
  params: recordSchema(z.unknown()).optional(),
});

/** Every command to processors: its parameters, what kind it is, and a line for people. */
export const commandDescriptors = {
  ...changeDescriptors,
  batch_commands: describe(
    'batch',
    z.object({ commands: z.array(batchEntrySchema).min(1).max(64) }),
    'Run an ordered list of commands as one change, all or nothing.',
  ),
  pause: describe('state', none, 'Stop analysing; cameras and models stay open and warm.'),
  resume: describe('state', none, 'Analyse again.'),
  stop: describe('state', none, 'End the processor with exit code 0. A restart policy starts it again.'),
  status: describe('question', none, 'Publish the status.'),
  metrics: describe('question', none, 'Publish the full metrics report.'),
  ping: describe('question', none, 'Publish the status with `pong: true`.'),
  snapshot: describe(
    'question',
    z.object({ ...room, reveal: z.boolean().optional(), by: nameSchema.min(1).optional() }),
    'Publish one snapshot of a room, coarse unless `reveal`; rejected unless the policy allows snapshots.',
  ),
  rename_instance: describe(
    'state',
    z.object({ new_instance_id: instanceIdSchema }),
    'Take another instance id: topics, last will and client id change with it.',
  ),
};

export type CommandName = keyof typeof commandDescriptors;
export type CommandParams<N extends CommandName> = N extends 'batch_commands'
  ? { readonly commands: readonly ChangeCommand[] }
  : ParamsOf<(typeof commandDescriptors)[N]>;
/** A command whose parameters were checked, as a tagged union over `command`. */
export type Command = { [N in CommandName]: { readonly command: N; readonly params: CommandParams<N> } }[CommandName];

export const commandNames = Object.keys(commandDescriptors) as CommandName[];

/** Returns whether a command of this name exists. */
export function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(commandDescriptors, name);
}

/** Returns whether a command edits the configuration (and may stand in a batch). */
export function isChange(command: Command): command is ChangeCommand {
  return commandDescriptors[command.command].kind === 'change';
}
