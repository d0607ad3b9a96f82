import { z } from 'zod';
import {
  aspectSchema,
  incidentIdSchema,
  instanceIdSchema,
  maxFpsSchema,
  modelIdSchema,
  rotateSchema,
  sourceIdSchema,
  timestampSchema,
  traceIdSchema,
} from './fields.ts';
import { incidentOutcomes } from './incidents.ts';
import { policySchema } from './policy.ts';
import { zonesSchema } from './zones.ts';

/** One room of the desired state. */
export const desiredRoomSchema = z.object({
  home: instanceIdSchema,
  model_id: modelIdSchema.optional(),
  max_fps: maxFpsSchema.optional(),
  zones: zonesSchema.optional(),
  aspect: aspectSchema.optional(),
  rotate: rotateSchema.optional(),
  name: z.string().max(128).optional(),
});
export type DesiredRoom = z.infer<typeof desiredRoomSchema>;

/** `nvr/orchestrator/rooms`, retained: who should watch what in quiet times. Keys are room numbers. */
export const desiredRoomsSchema = z.object({
  rooms: z.record(z.string().regex(/^\d{1,7}$/), desiredRoomSchema),
  updated_at: timestampSchema,
  revision: z.int().min(0),
});
export type DesiredRooms = z.infer<typeof desiredRoomsSchema>;

const which = { incident_id: incidentIdSchema.optional(), source_id: sourceIdSchema.optional() };
const by = { by: z.string().min(1).max(128).optional() };

/** Commands that people send to the orchestrator; an incident is named by its id or by its room. */
export const orchestratorCommandSchemas = {
  acknowledge: z.object({ ...which, ...by }),
  resolve: z.object({ ...which, ...by, outcome: z.enum(incidentOutcomes).optional() }),
  release: z.object({ source_id: sourceIdSchema, ...by }),
  drill: z.object({ source_id: sourceIdSchema, ...by }),
  set_policy: z.object({ policy: policySchema }),
  plan: z.object({}),
  status: z.object({}),
};
export type OrchestratorCommandName = keyof typeof orchestratorCommandSchemas;
export type OrchestratorCommand = {
  [N in OrchestratorCommandName]: {
    readonly command: N;
    readonly params: z.infer<(typeof orchestratorCommandSchemas)[N]>;
  };
}[OrchestratorCommandName];

/** `nvr/orchestrator/status`, retained, last will `offline`. */
export const orchestratorStatusSchema = z.looseObject({
  instance_id: z.string(),
  boot_id: z.string(),
  status: z.enum(['starting', 'acting', 'waiting', 'stopping', 'offline']),
  /** Counts up with each orchestrator that takes over; processors refuse commands of a lower one. */
  term: z.number().optional(),
  timestamp: timestampSchema,
  runtime: z.string().optional(),
  open_incidents: z.number().optional(),
  /** Whether the policy lets a picture leave a processor; without an acting orchestrator none does. */
  snapshots: z.boolean().optional(),
  longest_unwatched_ms: z.record(z.string(), z.number()).optional(),
  note: z.string().optional(),
  trace_id: traceIdSchema.optional(),
});
export type OrchestratorStatus = z.infer<typeof orchestratorStatusSchema>;
