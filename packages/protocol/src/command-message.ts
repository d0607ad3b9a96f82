import { z } from 'zod';
import { type ChangeCommand, type Command, commandDescriptors, commandNames, isCommandName } from './commands.ts';
import { CommandError } from './errors.ts';
import {
  amountSchema,
  commandIdSchema,
  nameSchema,
  recordSchema,
  senderSchema,
  termSchema,
  timestampSchema,
  traceIdSchema,
} from './fields.ts';
import { normaliseParams } from './lenient-params.ts';
import { type CommandAuthor, commandAuthorSchema } from './ownership.ts';
import { parseOrThrow } from './validation.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Names of commands are accepted in any letter case and with blanks round them. */
const commandFieldSchema = z
  .string()
  .min(1)
  .max(64)
  .transform((name) => name.trim().toLowerCase());

/** An optional field that may also be `null`, as some JSON writers send it. */
function optional<T>(schema: z.ZodType<T>) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
}

const paramsSchema = recordSchema(z.unknown());

/** Fields that every command may have, to processors and to the orchestrator. */
const sharedFields = {
  command: commandFieldSchema,
  params: optional(paramsSchema),
  command_id: optional(commandIdSchema),
  trace_id: optional(traceIdSchema),
};

/** `nvr/control/commands`: the envelope, before the parameters are looked at. Unknown fields are ignored. */
export const commandEnvelopeSchema = z.object({
  ...sharedFields,
  target_instances: optional(z.array(senderSchema).min(1).max(1000)),
  /** By the sender's clock. With `sent_at` the difference counts, so that the clocks need not agree. */
  expires_at: optional(timestampSchema),
  sent_at: optional(timestampSchema),
  /** The command must begin within this time after it arrived. */
  expires_in_ms: optional(amountSchema),
  /** Set by an orchestrator, so that a processor can refuse one that no longer leads (`stale_leader`). */
  leader: optional(z.object({ instance_id: senderSchema, term: termSchema })),
  /** Who wants it; without `leader` always an operator. */
  author: optional(commandAuthorSchema),
});
export type CommandEnvelope = z.infer<typeof commandEnvelopeSchema>;

/** `nvr/orchestrator/commands`: the envelope. */
export const orchestratorEnvelopeSchema = z.object(sharedFields);
export type OrchestratorEnvelope = z.infer<typeof orchestratorEnvelopeSchema>;

/** The envelope as a sender builds it. */
export interface CommandMessage {
  readonly command: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly target_instances?: readonly string[];
  readonly command_id?: string;
  readonly expires_at?: string;
  readonly sent_at?: string;
  readonly expires_in_ms?: number;
  readonly trace_id?: string;
  readonly leader?: { readonly instance_id: string; readonly term: number };
  readonly author?: CommandAuthor;
}

/** Each command as a message of its own, for the documents. */
export const commandMessageSchemas: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  commandNames.map((name) => [
    name,
    commandEnvelopeSchema
      .extend({ command: z.literal(name), params: commandDescriptors[name].params })
      .describe(commandDescriptors[name].summary),
  ]),
);

/** Returns whether an envelope addresses this processor: no list, `"*"` in it, or its own id. */
export function addresses(
  envelope: { readonly target_instances?: readonly string[] | undefined },
  instanceId: string,
): 'all' | 'named' | false {
  const targets = envelope.target_instances ?? ['*'];
  if (targets.includes(instanceId)) return 'named';
  return targets.includes('*') ? 'all' : false;
}

/**
 * Returns how long after its arrival a command may begin, ms; infinite when it never expires.
 * @param arrivedWallMs when it arrived, by the receiver's clock
 */
export function expiresInMs(envelope: CommandEnvelope, arrivedWallMs: number): number {
  const { expires_at: expiresAt, sent_at: sentAt, expires_in_ms: byDuration = Number.POSITIVE_INFINITY } = envelope;
  if (expiresAt === undefined) return byDuration;
  const from = sentAt === undefined ? arrivedWallMs : Date.parse(sentAt);
  return Math.min(byDuration, Date.parse(expiresAt) - from);
}

/**
 * Checks name and parameters of a command.
 * @throws CommandError `unknown_command` or `invalid_params` naming the field; in a batch the field starts with `commands.{index}`.
 */
export function parseCommand(name: string, params: unknown): Command {
  if (!isCommandName(name)) {
    throw new CommandError(
      'unknown_command',
      `Unknown command: ${name.slice(0, 64)}. Use one of ${commandNames.join(', ')}.`,
      { field: 'command' },
    );
  }
  const schema = commandDescriptors[name].params;
  const checked: unknown = parseOrThrow(schema, normaliseParams(schema, params ?? {}));
  if (name !== 'batch_commands') return { command: name, params: checked } as Command;
  return { command: name, params: { commands: parseBatch(checked as BatchParams) } };
}

interface BatchParams {
  readonly commands: readonly { readonly command: string; readonly params?: unknown }[];
}

function parseBatch(batch: BatchParams): ChangeCommand[] {
  return batch.commands.map((entry, index) => {
    try {
      // the schema of a batch admits nothing but changes
      return parseCommand(entry.command, entry.params) as ChangeCommand;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const field = error.field === undefined ? `commands.${index}` : `commands.${index}.${error.field}`;
      throw new CommandError(error.code, `Command ${index + 1} of the batch (${entry.command}): ${error.message}`, {
        field,
        cause: error,
      });
    }
  });
}

/** What is recognised of a message that is not a valid command: enough to answer the right sender about the right command. */
export interface CommandHints {
  readonly command: string;
  readonly command_id?: string;
  readonly target_instances?: readonly string[];
}

/** Returns the readable parts of a rejected command. @param body the parsed JSON, where there is one */
export function commandHints(body: unknown): CommandHints {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const id = commandIdSchema.safeParse(fields.command_id).data;
  const command = nameSchema.min(1).safeParse(fields.command).data;
  const targets = z.array(senderSchema).min(1).max(1000).safeParse(fields.target_instances).data;
  return withoutUndefined({
    command: command === undefined ? 'unknown' : command.slice(0, 64),
    command_id: id,
    target_instances: targets,
  });
}
