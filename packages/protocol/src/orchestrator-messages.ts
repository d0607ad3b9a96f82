import { z } from 'zod';
import { orchestratorEnvelopeSchema } from './command-message.ts';
import { CommandError } from './errors.ts';
import {
  amountSchema,
  bootIdSchema,
  incidentIdSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  nameSchema,
  recordSchema,
  senderSchema,
  sentenceSchema,
  sourceIdSchema,
  termSchema,
  timestampSchema,
  traceIdSchema,
  uriSchema,
  verdictNoteSchema,
} from './fields.ts';
import { incidentOutcomes, viaSchema } from './incidents.ts';
import { normaliseParams } from './lenient-params.ts';
import { policySchema } from './policy.ts';
import { parseOrThrow } from './validation.ts';

const which = { incident_id: incidentIdSchema.optional(), source_id: sourceIdSchema.optional() };
/** Who acts, and where. */
const by = { by: nameSchema.min(1).optional(), via: viaSchema.optional() };

/** What people call a room or a ward. Never a resident's name (docs/privacy.md). */
const labelSchema = nameSchema.min(1);

/** A policy whose `replay` and `clips` an earlier console does not know: without them, what is in force stays. */
const newPolicySchema = policySchema.extend({
  replay: policySchema.shape.replay.unwrap().optional(),
  clips: policySchema.shape.clips.unwrap().optional(),
});

/** The revision of the policy that the sender has edited: if it is no longer in force, the command is rejected unless `force`. */
const ofRevision = { base_revision: z.int().min(0).optional(), force: z.boolean().optional() };

/** Settings of the policy and their new values; without `value` the default applies again, or a room is taken out. */
const policyEditsSchema = z
  .array(z.object({ path: z.array(z.string().max(128)).min(1).max(32), value: z.unknown().optional() }))
  .min(1)
  .max(2000);
export type PolicyEdit = z.infer<typeof policyEditsSchema>[number];

/** Every command to the orchestrator; an incident is named by its id or by its room. */
export const orchestratorCommandDescriptors = {
  acknowledge: { params: z.object({ ...which, ...by }), summary: 'Report that a person takes care of an incident.' },
  resolve: {
    params: z.object({
      ...which,
      ...by,
      outcome: z.enum(incidentOutcomes).optional(),
      cause: nameSchema.min(1).optional(),
      note: verdictNoteSchema.optional(),
      confirmed: z.boolean().optional(),
    }),
    summary:
      'Give the verdict on an incident and close it; needs `confirmed: true` while a person is still on the floor.',
  },
  undo_verdict: {
    params: z.object({ ...which, ...by }),
    summary: 'Take back the verdict of the last ten minutes: the incident and its alarm are as before.',
  },
  learn_thing: {
    params: z.object({ ...which, ...by, name: z.string().max(64).optional() }),
    summary: 'Learn that what a false alarm showed is a thing, which people who move are never taken for.',
  },
  forget_thing: {
    params: z.object({ ...which, ...by }),
    summary: 'Forget the thing that was learned from an incident.',
  },
  release: {
    params: z.object({ source_id: sourceIdSchema, ...by }),
    summary: 'End the dedicated monitoring of a room now; its incident stays open.',
  },
  drill: {
    params: z.object({ source_id: sourceIdSchema, ...by, with_alerts: z.boolean().optional() }),
    summary: 'Run the whole chain for a room, marked as a drill; `with_alerts` also notifies people as a fall does.',
  },
  add_room: {
    params: z.object({
      source_id: sourceIdSchema,
      uri: uriSchema.optional(),
      name: labelSchema.optional(),
      ward: labelSchema.optional(),
      home: instanceIdSchema.optional(),
      model_id: modelIdSchema.optional(),
      max_fps: maxFpsSchema.optional(),
      ...by,
    }),
    summary:
      'Monitor another room, with one processor: `home`, or the one with the least to do. Without `uri` the camera is read from the stream server. A name never contains the name of a resident.',
  },
  set_room: {
    params: z.object({
      source_id: sourceIdSchema,
      uri: uriSchema.optional(),
      name: labelSchema.nullable().optional(),
      ward: labelSchema.nullable().optional(),
      model_id: modelIdSchema.nullable().optional(),
      max_fps: maxFpsSchema.nullable().optional(),
      ...by,
    }),
    summary:
      'Change the name, ward, camera, model or rate of a room; null removes a name or a ward, and a model or a rate that is null follows the policy.',
  },
  move_room: {
    params: z.object({ source_id: sourceIdSchema, home: instanceIdSchema, ...by }),
    summary: 'Give a room to another home, which sees it before the present one lets go of it.',
  },
  remove_room: {
    params: z.object({ source_id: sourceIdSchema, confirmed: z.boolean().optional(), ...by }),
    summary: 'Do not monitor a room any more; needs `confirmed: true`.',
  },
  set_policy: {
    params: z.object({
      policy: newPolicySchema,
      ...ofRevision,
      ...by,
    }),
    summary: 'Replace the policy; with `base_revision` only if no other person has changed it since.',
  },
  change_policy: {
    params: z.object({ changes: policyEditsSchema, ...ofRevision, ...by }),
    summary: 'Change single settings of the policy; everything else in it stays.',
  },
  get_policy: { params: z.object({}), summary: 'Return the policy in force, its revision and its last changes.' },
  plan: {
    params: z.object({ changes: policyEditsSchema.optional() }),
    summary: 'Return what the orchestrator would do now; with `changes`, what it would do because of them.',
  },
  status: { params: z.object({}), summary: 'Publish the status.' },
};
export type OrchestratorCommandName = keyof typeof orchestratorCommandDescriptors;
export type OrchestratorCommand = {
  [N in OrchestratorCommandName]: {
    readonly command: N;
    readonly params: z.infer<(typeof orchestratorCommandDescriptors)[N]['params']>;
  };
}[OrchestratorCommandName];

export const orchestratorCommandNames = Object.keys(orchestratorCommandDescriptors) as OrchestratorCommandName[];

/** Each command to the orchestrator as a message of its own, for the documents. */
export const orchestratorMessageSchemas: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  orchestratorCommandNames.map((name) => [
    name,
    orchestratorEnvelopeSchema
      .extend({ command: z.literal(name), params: orchestratorCommandDescriptors[name].params })
      .describe(orchestratorCommandDescriptors[name].summary),
  ]),
);

/** `nvr/orchestrator/status`, retained, last will `offline`. */
export const orchestratorStatusSchema = z.looseObject({
  instance_id: senderSchema,
  boot_id: bootIdSchema,
  /** Of the program; left out by orchestrators of earlier versions. */
  version: nameSchema.optional(),
  status: z.enum(['starting', 'acting', 'waiting', 'stopping', 'offline']),
  /** Counts up with each orchestrator that takes over; processors refuse commands of a lower one. */
  term: termSchema.optional(),
  timestamp: timestampSchema,
  runtime: nameSchema.optional(),
  open_incidents: amountSchema.optional(),
  /** Of the policy in force. */
  policy_revision: amountSchema.optional(),
  /** Whether the policy lets a snapshot leave a processor; without an acting orchestrator none does. */
  snapshots: z.boolean().optional(),
  longest_unwatched_ms: recordSchema(amountSchema).optional(),
  /** By how much a processor's clock is ahead of the orchestrator's, seconds; only those that differ noticeably. */
  clock_skew_seconds: recordSchema(z.number()).optional(),
  /** How often it has moved to another broker in this term. Of the statuses at several brokers, the latest has the highest. */
  moves: amountSchema.optional(),
  note: sentenceSchema.optional(),
  trace_id: traceIdSchema.optional(),
});
export type OrchestratorStatus = z.infer<typeof orchestratorStatusSchema>;

/** `nvr-leader`, twice a second where there are several brokers: the orchestrator is at this broker, and has read its state. */
export const leaderPresenceSchema = z.object({ boot_id: bootIdSchema, term: termSchema, moves: amountSchema });
export type LeaderPresence = z.infer<typeof leaderPresenceSchema>;

/** `nvr/orchestrator/marker/{boot_id}`. */
export const orchestratorMarkerSchema = z.object({ epoch: amountSchema });

/**
 * Checks name and parameters of a command to the orchestrator.
 * @throws CommandError `unknown_command` or `invalid_params` naming the field.
 */
export function parseOrchestratorCommand(name: string, params: unknown): OrchestratorCommand {
  if (!Object.hasOwn(orchestratorCommandDescriptors, name)) {
    throw new CommandError(
      'unknown_command',
      `Unknown command: ${name.slice(0, 64)}. Use one of ${orchestratorCommandNames.join(', ')}.`,
      { field: 'command' },
    );
  }
  const command = name as OrchestratorCommandName;
  const schema: z.ZodType = orchestratorCommandDescriptors[command].params;
  const checked: unknown = parseOrThrow(schema, normaliseParams(schema, params ?? {}));
  if (
    command === 'acknowledge' ||
    command === 'resolve' ||
    command === 'undo_verdict' ||
    command === 'learn_thing' ||
    command === 'forget_thing'
  ) {
    requireWhich(checked as Which);
  }
  return { command, params: checked } as OrchestratorCommand;
}

interface Which {
  readonly incident_id?: string;
  readonly source_id?: number;
}

function requireWhich(params: Which): void {
  if (params.incident_id !== undefined || params.source_id !== undefined) return;
  throw new CommandError('invalid_params', 'Missing required parameter: incident_id (or source_id)', {
    field: 'incident_id',
  });
}
