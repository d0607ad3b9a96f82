import {
  type ChangeCommand,
  type ChangeName,
  type Changes,
  CommandError,
  type CommandParams,
  type SettingOwner,
  withoutUndefined,
} from '@vigilia/protocol';
import {
  type EditContext,
  findRoom,
  newRoom,
  type ProcessorConfig,
  type RoomConfig,
  type RoomSettings,
} from './processor-config.ts';
import { checkAddress } from './room-address.ts';
import { ownedBy, withSettings } from './setting-owners.ts';

/** Old and new values of a change, as its log lines carry them: `old_model_id`, `new_model_id` … */
export type ChangeFields = Readonly<Record<string, unknown>>;

type ParamsOf<N extends ChangeName> = Extract<ChangeCommand, { command: N }>['params'];

/** What a changing command does, beside its parameters and its summary in the protocol. */
interface ChangeDescriptor<N extends ChangeName> {
  /** Returns the edited configuration. @throws CommandError; the given configuration stays as it is. */
  readonly edit: (config: ProcessorConfig, params: ParamsOf<N>, context: EditContext) => ProcessorConfig;
  /** Returns old and new values for the log. @param had the settings before, of the room or of all */
  readonly logFields: (params: ParamsOf<N>, had: RoomSettings, before: Before) => ChangeFields;
}

interface Before {
  readonly config: ProcessorConfig;
  /** The room that the command names, where this processor has it. */
  readonly room: RoomConfig | undefined;
}

/** One entry per command that edits the configuration. A new command needs an entry here and one in the protocol. */
export const changeDescriptors: { readonly [N in ChangeName]: ChangeDescriptor<N> } = {
  restart: {
    edit: (config, { source_id }) => {
      const edited = editRooms(config, source_id, (room) => ({ ...room, generation: room.generation + 1 }));
      return source_id === undefined ? { ...edited, modelGeneration: config.modelGeneration + 1 } : edited;
    },
    logFields: () => ({}),
  },
  change_model: {
    edit: (config, { model_id, source_id }, { owner }) => setFor(config, source_id, { modelId: model_id }, owner),
    logFields: ({ model_id }, had) => ({ old_model_id: had.modelId, new_model_id: model_id }),
  },
  set_fps: {
    edit: (config, { max_fps, source_id }, { owner }) => setFor(config, source_id, { maxFps: max_fps }, owner),
    logFields: ({ max_fps }, had) => ({ old_max_fps: had.maxFps, new_max_fps: max_fps }),
  },
  set_confidence: {
    edit: (config, { confidence, source_id }, { owner }) => setFor(config, source_id, { confidence }, owner),
    logFields: ({ confidence }, had) => ({ old_confidence: had.confidence, new_confidence: confidence }),
  },
  enable_tracking: {
    edit: (config, { enabled, source_id }, { owner }) => setFor(config, source_id, { tracking: enabled }, owner),
    logFields: ({ enabled }, had) => ({ old_enabled: had.tracking, new_enabled: enabled }),
  },
  set_camera: {
    edit: (config, { source_id, aspect, rotate }, { owner }) => {
      const view: Partial<RoomConfig> = withoutUndefined({ aspect, rotate });
      return editRooms(config, source_id, (room) => withSettings(room, view, owner));
    },
    logFields: ({ aspect, rotate }, _had, { room }) => ({
      old_aspect: room?.aspect,
      new_aspect: aspect,
      old_rotate: room?.rotate,
      new_rotate: rotate,
    }),
  },
  set_decode: {
    edit: (config, { mode, source_id }, { owner }) => setFor(config, source_id, { decode: mode }, owner),
    logFields: ({ mode }, had) => ({ old_mode: had.decode, new_mode: mode }),
  },
  set_zones: {
    edit: (config, { source_id, zones }, { owner }) =>
      editRooms(config, source_id, (room) => withSettings(room, { zones }, owner)),
    logFields: ({ zones }, _had, { room }) => ({ old_zones: room?.zones?.length, new_zones: zones.length }),
  },
  change_stream_uri: {
    edit: (config, { source_id, uri }, { rules, owner }) => {
      checkAddress(uri, rules, 'uri');
      return editRooms(config, source_id, (room) => withSettings(room, { uri }, owner));
    },
    logFields: ({ uri }, _had, { room }) => ({ old_uri: room?.uri, new_uri: uri }),
  },
  add_stream: {
    edit: addStream,
    logFields: ({ model_id, max_fps }, had) => ({
      model_id: model_id ?? had.modelId,
      max_fps: max_fps ?? had.maxFps,
    }),
  },
  remove_stream: {
    edit: (config, { source_id }) => {
      requireRoom(config, source_id);
      return { ...config, rooms: config.rooms.filter((room) => room.sourceId !== source_id) };
    },
    logFields: () => ({}),
  },
  reconfigure: {
    edit: (config, { changes }, context) => reconfigure(config, changes, context),
    logFields: ({ changes }, _had, { config }) => reconfigured(changes, config),
  },
};

function addStream(
  config: ProcessorConfig,
  params: CommandParams<'add_stream'>,
  { rules, owner }: EditContext,
): ProcessorConfig {
  const { source_id: sourceId } = params;
  if (findRoom(config, sourceId) !== undefined) {
    throw new CommandError('stream_exists', `Stream ${sourceId} already exists`, { field: 'source_id' });
  }
  if (params.uri !== undefined) {
    checkAddress(params.uri, rules, 'uri');
  }
  return withRooms(config, [
    ...config.rooms,
    withSettings(addedRoom(config, sourceId, owner), ownFields(params), owner),
  ]);
}

/** `streams`, when given, is the whole list; a room that stays keeps what its entry does not name. */
function reconfigure(config: ProcessorConfig, changes: Changes, { rules, owner }: EditContext): ProcessorConfig {
  const edited = setFor(config, undefined, settingsOf(changes), owner);
  if (changes.streams === undefined) return edited;
  const seen = new Set<number>();
  const rooms = changes.streams.map((entry, index) => {
    const field = `changes.streams.${index}`;
    if (seen.has(entry.source_id)) {
      throw new CommandError(
        'invalid_params',
        `Invalid parameter ${field}.source_id: stream ${entry.source_id} is listed twice`,
        {
          field: `${field}.source_id`,
        },
      );
    }
    seen.add(entry.source_id);
    if (entry.uri !== undefined) {
      checkAddress(entry.uri, rules, `${field}.uri`);
    }
    const before = findRoom(edited, entry.source_id) ?? addedRoom(edited, entry.source_id, owner);
    return withSettings(before, ownFields(entry), owner);
  });
  return withRooms(edited, rooms);
}

/** One setting for a room, or for all of them and the later ones. */
function setFor(
  config: ProcessorConfig,
  sourceId: number | undefined,
  setting: Partial<RoomSettings>,
  owner: SettingOwner,
): ProcessorConfig {
  const edited = editRooms(config, sourceId, (room) => withSettings(room, setting, owner));
  if (sourceId !== undefined) return edited;
  return { ...edited, defaults: { ...config.defaults, ...setting }, setBy: ownedBy(owner, setting, config.setBy) };
}

/** The room of that number, or every room. */
function editRooms(
  config: ProcessorConfig,
  sourceId: number | undefined,
  edit: (room: RoomConfig) => RoomConfig,
): ProcessorConfig {
  if (sourceId !== undefined) {
    requireRoom(config, sourceId);
  }
  const rooms = config.rooms.map((room) => (sourceId === undefined || room.sourceId === sourceId ? edit(room) : room));
  return { ...config, rooms };
}

/** A room as it begins: with the defaults, and their owners. */
function addedRoom({ defaults, setBy }: ProcessorConfig, sourceId: number, owner: SettingOwner): RoomConfig {
  return newRoom(defaults, sourceId, { setBy: { ...setBy, stream: owner } });
}

function requireRoom(config: ProcessorConfig, sourceId: number): void {
  if (findRoom(config, sourceId) === undefined) {
    throw new CommandError('unknown_stream', `Stream ${sourceId} not found`, { field: 'source_id' });
  }
}

function withRooms(config: ProcessorConfig, rooms: readonly RoomConfig[]): ProcessorConfig {
  return { ...config, rooms: [...rooms].sort((a, b) => a.sourceId - b.sourceId) };
}

function settingsOf(given: Omit<Changes, 'streams'>): Partial<RoomSettings> {
  return withoutUndefined({
    modelId: given.model_id,
    maxFps: given.max_fps,
    confidence: given.confidence,
    tracking: given.tracking,
    decode: given.decode,
  });
}

function ownFields(
  given: Omit<CommandParams<'add_stream'>, 'source_id' | 'require_frame' | 'force'>,
): Partial<RoomConfig> {
  return withoutUndefined({
    ...settingsOf(given),
    uri: given.uri,
    zones: given.zones,
    singleSession: given.single_session,
    aspect: given.aspect,
    rotate: given.rotate,
  });
}

/** Old and new value of every setting that is named; of the rooms their numbers. */
function reconfigured(changes: Changes, { defaults, rooms }: ProcessorConfig): ChangeFields {
  const had: ChangeFields = {
    model_id: defaults.modelId,
    max_fps: defaults.maxFps,
    confidence: defaults.confidence,
    tracking: defaults.tracking,
    decode: defaults.decode,
    streams: rooms.map((room) => room.sourceId),
  };
  const wanted: ChangeFields = { ...changes, streams: changes.streams?.map((stream) => stream.source_id) };
  const named = Object.keys(had).filter((field) => wanted[field] !== undefined);
  return Object.fromEntries(
    named.flatMap((field) => [
      [`old_${field}`, had[field]],
      [`new_${field}`, wanted[field]],
    ]),
  );
}
