import { judgePosture, type PostureCoefficients } from '@vigilia/vision';
import type { Sample } from './sample.ts';

/** How well coefficients judge simulated people. */
export interface Validation {
  /** Mean log loss of the true posture, nats. */
  readonly logLoss: number;
  /** Share of people on the floor (sitting or lying) judged to be so, and of all others judged to be on the floor. */
  readonly lowFound: number;
  readonly othersLow: number;
}

/** `upright` and `sitting` come before these two in `postureClasses`. */
const firstLow = 2;

export function validate(samples: readonly Sample[], coefficients: PostureCoefficients): Validation {
  let logLoss = 0;
  const low = { found: 0, all: 0 };
  const others = { found: 0, all: 0 };
  for (const { posture, values } of samples) {
    const judged = judgePosture(values, coefficients);
    logLoss -= Math.log(Math.max(1e-9, judged[posture] ?? 0)) / samples.length;
    const group = posture >= firstLow ? low : others;
    group.all += 1;
    group.found += judged[2] + judged[3] > 0.5 ? 1 : 0;
  }
  return { logLoss, lowFound: low.found / low.all, othersLow: others.found / others.all };
}
