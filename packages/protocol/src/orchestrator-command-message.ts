import { z } from 'zod';
import { CommandError } from './errors.ts';
import { commandIdSchema, traceIdSchema } from './fields.ts';
import {
  type OrchestratorCommand,
  type OrchestratorCommandName,
  orchestratorCommandSchemas,
} from './orchestrator-messages.ts';
import { parseOrThrow } from './validation.ts';

const envelopeSchema = z.object({
  command: z.string().min(1).max(64),
  params: z.record(z.string(), z.unknown()).nullish(),
  command_id: commandIdSchema.optional(),
  trace_id: traceIdSchema.optional(),
});
export type OrchestratorEnvelope = z.infer<typeof envelopeSchema>;

/** @throws CommandError `invalid_json` or `invalid_command`. */
export function parseOrchestratorEnvelope(text: string): OrchestratorEnvelope {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new CommandError('invalid_json', 'The command is not valid JSON; check quotes and brackets.', { cause });
  }
  return parseOrThrow(envelopeSchema, value, { code: 'invalid_command', noun: 'field' });
}

/** @throws CommandError `unknown_command` or `invalid_params`. */
export function parseOrchestratorCommand(name: string, params: unknown): OrchestratorCommand {
  if (!Object.hasOwn(orchestratorCommandSchemas, name)) {
    const known = Object.keys(orchestratorCommandSchemas).join(', ');
    throw new CommandError('unknown_command', `Unknown command: ${name}. Known are ${known}.`, { field: 'command' });
  }
  const command = name as OrchestratorCommandName;
  const checked: unknown = parseOrThrow(orchestratorCommandSchemas[command], params ?? {});
  if (command === 'acknowledge' || command === 'resolve')
    requireWhich(checked as { incident_id?: string; source_id?: number });
  return { command, params: checked } as OrchestratorCommand;
}

function requireWhich(params: { incident_id?: string; source_id?: number }): void {
  if (params.incident_id === undefined && params.source_id === undefined) {
    throw new CommandError('invalid_params', 'Missing required parameter: incident_id (or source_id)', {
      field: 'incident_id',
    });
  }
}
