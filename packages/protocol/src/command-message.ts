import { z } from 'zod';
import { type Command, commandSchemas, isCommandName } from './commands.ts';
import { CommandError } from './errors.ts';
import { commandIdSchema, timestampSchema, traceIdSchema } from './fields.ts';
import { parseOrThrow } from './validation.ts';

/** `nvr/control/commands`: the envelope, before the parameters are looked at. Unknown fields are ignored. */
export const commandEnvelopeSchema = z.object({
  command: z.string().min(1).max(64),
  params: z.record(z.string(), z.unknown()).nullish(),
  target_instances: z.array(z.string()).min(1).optional(),
  command_id: commandIdSchema.optional(),
  expires_at: timestampSchema.optional(),
  trace_id: traceIdSchema.optional(),
  /** Set by an orchestrator: its boot, so that a processor can refuse one that no longer leads (`stale_leader`). */
  leader: z.object({ instance_id: z.string(), term: z.number() }).optional(),
});
export type CommandEnvelope = z.infer<typeof commandEnvelopeSchema>;

/** The envelope as an orchestrator or the command line builds it. */
export interface CommandMessage {
  readonly command: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly target_instances?: readonly string[];
  readonly command_id?: string;
  readonly expires_at?: string;
  readonly trace_id?: string;
  readonly leader?: { readonly instance_id: string; readonly term: number };
}

/** @throws CommandError `invalid_json` or `invalid_command`. */
export function parseCommandEnvelope(text: string): CommandEnvelope {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandError('invalid_json', 'The command is not valid JSON; check quotes and brackets.', { cause });
  }
  return parseOrThrow(commandEnvelopeSchema, value, { code: 'invalid_command', noun: 'field' });
}

/** Whether an envelope addresses this processor: no list, `"*"` in it, or its own id. */
export function addresses(
  envelope: Pick<CommandEnvelope, 'target_instances'>,
  instanceId: string,
): 'all' | 'named' | false {
  const targets = envelope.target_instances ?? ['*'];
  if (targets.includes(instanceId)) return 'named';
  return targets.includes('*') ? 'all' : false;
}

/**
 * Name and parameters as a checked command.
 * @throws CommandError `unknown_command` or `invalid_params` naming the field.
 */
export function parseCommand(name: string, params: unknown): Command {
  if (!isCommandName(name)) {
    throw new CommandError('unknown_command', `Unknown command: ${name}.`, {
      field: 'command',
    });
  }
  const checked = parseOrThrow(commandSchemas[name], params ?? {});
  if (name === 'batch_commands') parseBatch(checked as { commands: { command: string; params?: unknown }[] });
  return { command: name, params: checked } as Command;
}

/** @throws CommandError whose field starts with `commands.{index}`. */
export function parseBatch(batch: { commands: readonly { command: string; params?: unknown }[] }): Command[] {
  return batch.commands.map((entry, index) => {
    try {
      return parseCommand(entry.command, entry.params);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const field = ['commands', index, ...(error.field === undefined ? [] : [error.field])].join('.');
      throw new CommandError(error.code, `Command ${index + 1} of the batch (${entry.command}): ${error.message}`, {
        field,
        cause: error,
      });
    }
  });
}
