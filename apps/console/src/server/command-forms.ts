import {
  type CommandName,
  commandDescriptors,
  commandNames,
  orchestratorCommandDescriptors,
  orchestratorCommandNames,
} from '@vigilia/protocol';
import { z } from 'zod';
import type { CommandForm, FormSchema } from '../shared/command-result.ts';

/** Commands with a form of their own, where they are signed and logged: snapshots. */
const elsewhere: readonly CommandName[] = ['snapshot'];

/** Returns whether a technician can send the command to processors as it is. */
export function isFree(name: string): boolean {
  return !(elsewhere as readonly string[]).includes(name);
}

/** Returns everything a technician can send, with the JSON schema of its parameters as the protocol defines them. */
export function commandForms(): CommandForm[] {
  const toProcessors = commandNames.filter(isFree).map((name) => ({
    to: 'processors' as const,
    name,
    summary: commandDescriptors[name].summary,
    schema: jsonSchema(commandDescriptors[name].params),
  }));
  const toOrchestrator = orchestratorCommandNames.map((name) => ({
    to: 'orchestrator' as const,
    name,
    summary: orchestratorCommandDescriptors[name].summary,
    schema: jsonSchema(orchestratorCommandDescriptors[name].params),
  }));
  return [...toProcessors, ...toOrchestrator];
}

function jsonSchema(schema: z.ZodType): FormSchema {
  return z.toJSONSchema(schema, { io: 'input' }) as FormSchema;
}
