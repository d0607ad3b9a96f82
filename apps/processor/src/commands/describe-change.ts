import { type BatchableCommand, batchableCommands, type Changes, type Command, parseCommand } from '@vigilia/protocol';
import { findRoom, type ProcessorConfig, type RoomConfig, type RoomSettings } from '../config/processor-config.ts';

/** Old and new values of a change, as its log lines carry them: `old_model_id`, `new_model_id` … */
export type ChangeFields = Readonly<Record<string, unknown>>;

/**
 * Fields of a command's log lines. Parameters that are wrong give none: the failure names them.
 * @param before the configuration and the name that the command meets. Addresses are redacted by the logger.
 */
export function describeChange(
  name: string,
  params: unknown,
  before: { readonly config: ProcessorConfig; readonly instanceId: string },
): ChangeFields {
  try {
    const command = parseCommand(name, params);
    return isBatchable(command) ? fieldsOf(command, before.config) : otherFields(command, before.instanceId);
  } catch {
    return {};
  }
}

function isBatchable(command: Command): command is BatchableCommand {
  return (batchableCommands as readonly string[]).includes(command.command);
}

function otherFields(command: Command, instanceId: string): ChangeFields {
  if (command.command === 'batch_commands') return { commands: command.params.commands.map((entry) => entry.command) };
  if (command.command === 'rename_instance')
    return { old_instance_id: instanceId, new_instance_id: command.params.new_instance_id };
  return {};
}

function fieldsOf(command: BatchableCommand, before: ProcessorConfig): ChangeFields {
  const sourceId = 'source_id' in command.params ? command.params.source_id : undefined;
  const room = sourceId === undefined ? undefined : findRoom(before, sourceId);
  return {
    ...(sourceId !== undefined && { source_id: sourceId }),
    ...(command.command === 'reconfigure'
      ? reconfigured(command.params.changes, before)
      : values(command, room ?? before.defaults, room)),
  };
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

function values(
  command: Exclude<BatchableCommand, { command: 'reconfigure' }>,
  had: RoomSettings,
  room: RoomConfig | undefined,
): ChangeFields {
  switch (command.command) {
    case 'change_model':
      return { old_model_id: had.modelId, new_model_id: command.params.model_id };
    case 'set_fps':
      return { old_max_fps: had.maxFps, new_max_fps: command.params.max_fps };
    case 'set_confidence':
      return { old_confidence: had.confidence, new_confidence: command.params.confidence };
    case 'enable_tracking':
      return { old_enabled: had.tracking, new_enabled: command.params.enabled };
    case 'set_decode':
      return { old_mode: had.decode, new_mode: command.params.mode };
    case 'change_stream_uri':
      return { old_uri: room?.uri, new_uri: command.params.uri };
    case 'set_camera':
      return {
        old_aspect: room?.aspect,
        new_aspect: command.params.aspect,
        old_rotate: room?.rotate,
        new_rotate: command.params.rotate,
      };
    case 'set_zones':
      return { old_zones: room?.zones?.length, new_zones: command.params.zones.length };
    case 'add_stream':
      return { model_id: command.params.model_id ?? had.modelId, max_fps: command.params.max_fps ?? had.maxFps };
    case 'remove_stream':
    case 'restart':
      return {};
  }
}
