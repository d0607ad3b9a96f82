import {
  type CommandName,
  commandNames,
  commandSchemas,
  commandSummaries,
  orchestratorCommandSchemas,
} from '@vigilia/protocol';
import { z } from 'zod';
import type { CommandForm, FormSchema } from '../shared/command-result.ts';

const orchestratorSummaries: Readonly<Record<keyof typeof orchestratorCommandSchemas, string>> = {
  acknowledge: 'Say that somebody takes care of an incident.',
  resolve: 'Close an incident with its outcome.',
  release: 'End the dedicated watch of a room now; its incident stays.',
  drill: 'Run the whole chain for a room, marked as a drill.',
  set_policy: 'Replace the policy.',
  plan: 'Say what would be done now.',
  status: 'Publish the status.',
};

/** What has a way of its own, where it is signed and logged: pictures. */
const elsewhere: readonly CommandName[] = ['snapshot'];

/** Whether a technician can send the command to processors as it is. */
export function isFree(name: string): boolean {
  return !(elsewhere as readonly string[]).includes(name);
}

/** Everything a technician can send, with the JSON schema of its parameters as the protocol defines them. */
export function commandForms(): CommandForm[] {
  const toProcessors = commandNames.filter(isFree).map((name) => ({
    to: 'processors' as const,
    name,
    summary: commandSummaries[name],
    schema: jsonSchema(commandSchemas[name]),
  }));
  const toOrchestrator = Object.entries(orchestratorCommandSchemas).map(([name, schema]) => ({
    to: 'orchestrator' as const,
    name,
    summary: orchestratorSummaries[name as keyof typeof orchestratorCommandSchemas],
    schema: jsonSchema(schema),
  }));
  return [...toProcessors, ...toOrchestrator];
}

function jsonSchema(schema: z.ZodType): FormSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as FormSchema;
}
