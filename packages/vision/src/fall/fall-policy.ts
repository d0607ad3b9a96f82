import { z } from 'zod';
import { attention, quiet, timing } from './policy/judging.ts';
import { checkOrders } from './policy/orders.ts';
import { heights, matching, observation, posture, zones } from './policy/seeing.ts';

const parts = z.strictObject({
  observation: observation.prefault({}),
  posture: posture.prefault({}),
  heights: heights.prefault({}),
  zones: zones.prefault({}),
  matching: matching.prefault({}),
  timing: timing.prefault({}),
  attention: attention.prefault({}),
  quiet: quiet.prefault({}),
});
/**
 * Every limit of fall detection in one place; `fallPolicySchema.parse({})` gives the defaults, any part may be given. Names that
 * nobody knows are refused (a limit misspelt would be a limit not set), and so are limits that contradict each other.
 * Names carry the unit: `…Seconds`, `…Degrees`, `…Heights` (standing body heights); shares are 0..1.
 */
export const fallPolicySchema = parts.superRefine((policy, context) => {
  checkOrders(policy, context);
  if (policy.posture.upScore >= policy.posture.lowScore)
    context.addIssue({ code: 'custom', path: ['posture', 'upScore'], message: 'must be below lowScore' });
});

export type FallPolicy = z.infer<typeof fallPolicySchema>;
/** The policy as a person writes it: only what differs from the defaults. */
export type FallPolicyInput = z.input<typeof fallPolicySchema>;

export const defaultFallPolicy: FallPolicy = fallPolicySchema.parse({});
