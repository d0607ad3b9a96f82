import { type ChangeCommand, type SettingOwner, withRestoredOwners } from '@vigilia/protocol';
import { changeDescriptors } from './change-descriptors.ts';
import type { EditContext, ProcessorConfig } from './processor-config.ts';

/** As many removed rooms as a status may state. */
const maxRemoved = 1000;

/** What a command makes of a configuration. */
export interface ConfigEdit {
  readonly config: ProcessorConfig;
  /** Rooms that were added with `require_frame: false`: they may start blind. */
  readonly allowBlind: readonly number[];
  /** Models that commands without `force` name: each must find the person in the embedded picture. */
  readonly mustFindPerson: readonly string[];
}

/**
 * The pure edit under every command: `command + config → config`. Every setting that the command names belongs to its author
 * from then on, or to the operator whose choice the command restores.
 * @throws CommandError `unknown_stream`, `stream_exists` or `invalid_params`; the given configuration stays as it is.
 */
export function editConfig(config: ProcessorConfig, command: ChangeCommand, context: EditContext): ConfigEdit {
  // the union of commands and the table have the same keys, which TypeScript cannot follow through an index
  const { edit } = changeDescriptors[command.command] as {
    readonly edit: (config: ProcessorConfig, params: unknown, context: EditContext) => ProcessorConfig;
  };
  return {
    config: withRemovals(config, restored(edit(config, command.params, context), context), context.owner),
    allowBlind: blindAllowed(command),
    mustFindPerson: unforcedModels(command),
  };
}

/** Several edits as one: the second sees what the first did. */
export function editAll(config: ProcessorConfig, commands: readonly ChangeCommand[], context: EditContext): ConfigEdit {
  return commands.reduce<ConfigEdit>(
    (before, command) => {
      const after = editConfig(before.config, command, context);
      return {
        config: after.config,
        allowBlind: [...before.allowBlind, ...after.allowBlind],
        mustFindPerson: [...before.mustFindPerson, ...after.mustFindPerson],
      };
    },
    { config, allowBlind: [], mustFindPerson: [] },
  );
}

function restored(config: ProcessorConfig, { owner, restores }: EditContext): ProcessorConfig {
  if (restores === undefined) return config;
  const rooms = config.rooms.map((room) => ({ ...room, setBy: withRestoredOwners(room.setBy, owner, restores) }));
  return { ...config, rooms };
}

/** Rooms that are there no longer were taken away by the author of the command; those that are there again are forgotten. */
function withRemovals(before: ProcessorConfig, after: ProcessorConfig, setBy: SettingOwner): ProcessorConfig {
  const present = new Set(after.rooms.map(({ sourceId }) => sourceId));
  const earlier = before.removed.filter(({ sourceId }) => !present.has(sourceId));
  const now = before.rooms
    .filter(({ sourceId }) => !present.has(sourceId))
    .map(({ sourceId }) => ({ sourceId, setBy }));
  return { ...after, removed: [...earlier, ...now].slice(-maxRemoved) };
}

function blindAllowed(command: ChangeCommand): readonly number[] {
  return command.command === 'add_stream' && command.params.require_frame === false ? [command.params.source_id] : [];
}

function unforcedModels(command: ChangeCommand): readonly string[] {
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
