import { type Command, isChange } from '@vigilia/protocol';
import { type ChangeFields, changeDescriptors } from '../config/change-descriptors.ts';
import { findRoom, type ProcessorConfig } from '../config/processor-config.ts';

/**
 * Returns the fields of a command's log lines.
 * @param before the configuration and the name that the command meets. Addresses are redacted by the logger.
 */
export function describeChange(
  command: Command,
  before: { readonly config: ProcessorConfig; readonly instanceId: string },
): ChangeFields {
  if (command.command === 'batch_commands') return { commands: command.params.commands.map((one) => one.command) };
  if (command.command === 'rename_instance') {
    return { old_instance_id: before.instanceId, new_instance_id: command.params.new_instance_id };
  }
  if (!isChange(command)) return {};
  const { config } = before;
  const sourceId = 'source_id' in command.params ? command.params.source_id : undefined;
  const room = sourceId === undefined ? undefined : findRoom(config, sourceId);
  // the union of commands and the table have the same keys, which TypeScript cannot follow through an index
  const { logFields } = changeDescriptors[command.command] as {
    readonly logFields: (params: unknown, had: unknown, before: unknown) => ChangeFields;
  };
  const fields = logFields(command.params, room ?? config.defaults, { config, room });
  return sourceId === undefined ? fields : { source_id: sourceId, ...fields };
}

/**
 * Returns what is still set after a change failed: the value itself where the command changes one, else an object by setting;
 * undefined for commands that change no value.
 */
export function previousValues(change: ChangeFields): unknown {
  const kept = Object.entries(change)
    .filter(([field, value]) => field.startsWith('old_') && value !== undefined)
    .map(([field, value]) => [field.slice('old_'.length), value] as const);
  const [only] = kept;
  return kept.length > 1 ? Object.fromEntries(kept) : only?.[1];
}
