import { isDeepStrictEqual } from 'node:util';
import { type BatchableCommand, type Changes, CommandError, type CommandParams } from '@vigilia/protocol';
import {
  type AddressRules,
  findRoom,
  newRoom,
  type ProcessorConfig,
  type RoomConfig,
  type RoomSettings,
} from './processor-config.ts';
import { checkAddress } from './room-address.ts';

/** What a command makes of a configuration. */
export interface ConfigEdit {
  readonly config: ProcessorConfig;
  /** Rooms that were added with `require_frame: false`: they may start blind. */
  readonly allowBlind: readonly number[];
  /** Models that commands without `force` name: each must find the person in the embedded picture. */
  readonly mustFindPerson: readonly string[];
}

type Editors = {
  readonly [C in BatchableCommand as C['command']]: (
    config: ProcessorConfig,
    params: C['params'],
    rules: AddressRules,
  ) => ProcessorConfig;
};

/**
 * The pure edit under every command: `command + config → config`.
 * @throws CommandError `unknown_stream`, `stream_exists` or `invalid_params`; the given configuration stays as it is.
 */
export function editConfig(config: ProcessorConfig, command: BatchableCommand, rules: AddressRules): ConfigEdit {
  // the union of commands and the table of editors have the same keys, which TypeScript cannot follow through an index
  const edit = editors[command.command] as (c: ProcessorConfig, p: unknown, r: AddressRules) => ProcessorConfig;
  return {
    config: edit(config, command.params, rules),
    allowBlind: blindAllowed(command),
    mustFindPerson: unforcedModels(command),
  };
}

/** Several edits as one: the second sees what the first did. */
export function editAll(
  config: ProcessorConfig,
  commands: readonly BatchableCommand[],
  rules: AddressRules,
): ConfigEdit {
  return commands.reduce<ConfigEdit>(
    (before, command) => {
      const after = editConfig(before.config, command, rules);
      return {
        config: after.config,
        allowBlind: [...before.allowBlind, ...after.allowBlind],
        mustFindPerson: [...before.mustFindPerson, ...after.mustFindPerson],
      };
    },
    { config, allowBlind: [], mustFindPerson: [] },
  );
}

/** Whether two configurations ask for the same. */
export function sameConfig(a: ProcessorConfig, b: ProcessorConfig): boolean {
  return isDeepStrictEqual(a, b);
}

const editors: Editors = {
  restart: (config, { source_id }) => {
    const edited = settingFor(config, source_id, (room) => ({ generation: room.generation + 1 }), {});
    return source_id === undefined ? { ...edited, modelGeneration: config.modelGeneration + 1 } : edited;
  },
  change_model: (config, { model_id, source_id }) => setFor(config, source_id, { modelId: model_id }),
  set_fps: (config, { max_fps, source_id }) => setFor(config, source_id, { maxFps: max_fps }),
  set_confidence: (config, { confidence, source_id }) => setFor(config, source_id, { confidence }),
  enable_tracking: (config, { enabled, source_id }) => setFor(config, source_id, { tracking: enabled }),
  set_decode: (config, { mode, source_id }) => setFor(config, source_id, { decode: mode }),
  set_zones: (config, { source_id, zones }) => settingFor(config, source_id, () => ({ zones }), {}),
  change_stream_uri: (config, { source_id, uri }, rules) => {
    checkAddress(uri, rules, 'uri');
    return settingFor(config, source_id, () => ({ uri }), {});
  },
  add_stream: addStream,
  remove_stream: (config, { source_id }) => {
    requireRoom(config, source_id);
    return { ...config, rooms: config.rooms.filter((room) => room.sourceId !== source_id) };
  },
  reconfigure: (config, { changes }, rules) => reconfigure(config, changes, rules),
};

function addStream(config: ProcessorConfig, params: CommandParams<'add_stream'>, rules: AddressRules): ProcessorConfig {
  const { source_id: sourceId } = params;
  if (findRoom(config, sourceId) !== undefined) {
    throw new CommandError('stream_exists', `Stream ${sourceId} already exists`, { field: 'source_id' });
  }
  if (params.uri !== undefined) checkAddress(params.uri, rules, 'uri');
  return withRooms(config, [...config.rooms, newRoom(config.defaults, sourceId, ownFields(params))]);
}

/** `streams`, when given, is the whole list; a room that stays keeps what its entry does not name. */
function reconfigure(config: ProcessorConfig, changes: Changes, rules: AddressRules): ProcessorConfig {
  const edited = setFor(config, undefined, settingsOf(changes));
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
    if (entry.uri !== undefined) checkAddress(entry.uri, rules, `${field}.uri`);
    const before = findRoom(edited, entry.source_id) ?? newRoom(edited.defaults, entry.source_id);
    return { ...before, ...ownFields(entry) };
  });
  return withRooms(edited, rooms);
}

/** One setting for a room, or for all of them and the later ones. */
function setFor(
  config: ProcessorConfig,
  sourceId: number | undefined,
  setting: Partial<RoomSettings>,
): ProcessorConfig {
  return settingFor(config, sourceId, () => setting, setting);
}

function settingFor(
  config: ProcessorConfig,
  sourceId: number | undefined,
  change: (room: RoomConfig) => Partial<RoomConfig>,
  defaults: Partial<RoomSettings>,
): ProcessorConfig {
  if (sourceId !== undefined) requireRoom(config, sourceId);
  const rooms = config.rooms.map((room) =>
    sourceId === undefined || room.sourceId === sourceId ? { ...room, ...change(room) } : room,
  );
  return { ...config, rooms, defaults: sourceId === undefined ? { ...config.defaults, ...defaults } : config.defaults };
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
  return {
    ...(given.model_id !== undefined && { modelId: given.model_id }),
    ...(given.max_fps !== undefined && { maxFps: given.max_fps }),
    ...(given.confidence !== undefined && { confidence: given.confidence }),
    ...(given.tracking !== undefined && { tracking: given.tracking }),
    ...(given.decode !== undefined && { decode: given.decode }),
  };
}

function ownFields(
  given: Omit<CommandParams<'add_stream'>, 'source_id' | 'require_frame' | 'force'>,
): Partial<RoomConfig> {
  return {
    ...settingsOf(given),
    ...(given.uri !== undefined && { uri: given.uri }),
    ...(given.zones !== undefined && { zones: given.zones }),
    ...(given.single_session !== undefined && { singleSession: given.single_session }),
  };
}

function blindAllowed(command: BatchableCommand): readonly number[] {
  return command.command === 'add_stream' && command.params.require_frame === false ? [command.params.source_id] : [];
}

function unforcedModels(command: BatchableCommand): readonly string[] {
  switch (command.command) {
    case 'change_model':
    case 'add_stream':
      return command.params.force === true ? [] : [command.params.model_id].filter((id) => id !== undefined);
    case 'reconfigure': {
      const { changes, force } = command.params;
      const named = [changes.model_id, ...(changes.streams ?? []).map((stream) => stream.model_id)];
      return force === true ? [] : named.filter((id) => id !== undefined);
    }
    default:
      return [];
  }
}
