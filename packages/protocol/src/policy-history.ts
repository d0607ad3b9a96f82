import { z } from 'zod';
import { nameSchema, timestampSchema } from './fields.ts';
import { viaSchema } from './incidents.ts';
import { policySchema } from './policy.ts';
import { differencesOf } from './policy-differences.ts';

/** Changes that are kept. */
const maxChanges = 50;
/** A change with more differences is kept with one difference per group. */
const maxDifferences = 500;
/** Older changes give way to newer ones beyond this size of the history, bytes of JSON. */
const maxHistoryBytes = 128 * 1024;

const revisionSchema = z.int().min(0);

const policyChangeSchema = z.object({
  /** The revision that this change made. */
  revision: revisionSchema,
  at: timestampSchema,
  by: nameSchema.optional(),
  via: viaSchema.optional(),
  /** The command that asked for it: delivered twice it is one change. */
  request: z.string().max(160),
  /** Empty where they are too large to be kept: the change cannot be taken back. */
  differences: z
    .array(
      z.object({
        path: z.array(z.string().max(128)).max(32),
        before: z.unknown().optional(),
        after: z.unknown().optional(),
      }),
    )
    .max(maxDifferences),
});
export type PolicyChange = z.infer<typeof policyChangeSchema>;

const policyHistorySchema = z.object({
  /** Counts up with every change; 0: no person has changed the policy of the file. */
  revision: revisionSchema,
  /** The newest first. */
  changes: z.array(policyChangeSchema).max(maxChanges),
});
export type PolicyHistory = z.infer<typeof policyHistorySchema>;

export const noPolicyHistory: PolicyHistory = { revision: 0, changes: [] };

/** `nvr/orchestrator/policy`: policy and history are one message, so that a power cut cannot separate them. */
export const retainedPolicySchema = policySchema.extend({
  // a history that cannot be read must not cost the site its policy
  history: policyHistorySchema.optional().catch(undefined),
});
export type RetainedPolicy = z.infer<typeof retainedPolicySchema>;

/** Answer of `get_policy`. */
export const policyAnswerSchema = policyHistorySchema.extend({ policy: policySchema });

type Author = Pick<PolicyChange, 'at' | 'by' | 'via' | 'request'>;

/** Returns the history after a change; without a difference it is the same. Changes that cannot be taken back any more are dropped. */
export function recordPolicyChange(
  history: PolicyHistory,
  before: unknown,
  after: unknown,
  author: Author,
): PolicyHistory {
  const all = differencesOf(before, after);
  if (all.length === 0) return history;
  const revision = history.revision + 1;
  const differences = (all.length > maxDifferences ? differencesOf(before, after, 1) : all).map((one) => ({
    ...one,
    path: [...one.path],
  }));
  const change: PolicyChange = { ...author, revision, differences };
  if (sizeOf(change) > maxHistoryBytes) return { revision, changes: [{ ...change, differences: [] }] };
  const changes = [change];
  let bytes = sizeOf(change);
  for (const older of history.changes.slice(0, maxChanges - 1)) {
    bytes += sizeOf(older);
    if (bytes > maxHistoryBytes) break;
    changes.push(older);
  }
  return { revision, changes };
}

function sizeOf(change: PolicyChange): number {
  return JSON.stringify(change).length;
}
