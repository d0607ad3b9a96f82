import { z } from 'zod';
import { attention, quiet, timing } from './policy/judging.ts';
import { heights, matching, observation, posture, zones } from './policy/seeing.ts';

/**
 * Every limit of fall detection in one place; `fallPolicySchema.parse({})` gives the defaults, any part may be given.
 * Names carry the unit: `…Seconds`, `…Degrees`, `…Heights` (standing body heights); shares are 0..1.
 */
export const fallPolicySchema = z.object({
  observation: observation.prefault({}),
  posture: posture.prefault({}),
  heights: heights.prefault({}),
  zones: zones.prefault({}),
  matching: matching.prefault({}),
  timing: timing.prefault({}),
  attention: attention.prefault({}),
  quiet: quiet.prefault({}),
});

export type FallPolicy = z.infer<typeof fallPolicySchema>;
/** The policy as a person writes it: only what differs from the defaults. */
export type FallPolicyInput = z.input<typeof fallPolicySchema>;

export const defaultFallPolicy: FallPolicy = fallPolicySchema.parse({});
