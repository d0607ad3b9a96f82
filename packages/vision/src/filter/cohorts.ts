import type { ByState, Transitions } from './states.ts';

/**
 * Belief that came to the floor at one moment and has not left it since. `seen`: the person was known before; `found`: the first sight
 * of the person was already low.
 */
export interface Cohort {
  readonly sinceMs: number;
  readonly kind: 'seen' | 'found';
  readonly lying: number;
  readonly floorSitting: number;
}

/** More cohorts than this are merged down to `keptCohorts`; less belief than `leastMass` is dropped. */
const mostCohorts = 60;
const keptCohorts = 48;
const leastMass = 1e-12;

export const massOf = ({ lying, floorSitting }: Cohort): number => lying + floorSitting;

/**
 * Carries every cohort on within the floor states and adds one of what enters now. The probability of having been on the floor without a
 * break for a time is then a sum over cohorts.
 * @param belief before the step; @param weights likelihood of each state, before normalisation
 */
export function stepCohorts(
  cohorts: readonly Cohort[],
  belief: ByState,
  transitions: Transitions,
  weights: ByState,
  atMs: number,
): Cohort[] {
  const stepped = cohorts.map(
    (cohort): Cohort => ({
      sinceMs: cohort.sinceMs,
      kind: cohort.kind,
      lying:
        (cohort.lying * transitions.lying.lying + cohort.floorSitting * transitions.floorSitting.lying) * weights.lying,
      floorSitting:
        (cohort.lying * transitions.lying.floorSitting + cohort.floorSitting * transitions.floorSitting.floorSitting) *
        weights.floorSitting,
    }),
  );
  const entering = (to: 'lying' | 'floorSitting'): number =>
    weights[to] *
    (belief.absent * transitions.absent[to] +
      belief.upright * transitions.upright[to] +
      belief.sitting * transitions.sitting[to] +
      belief.inBed * transitions.inBed[to]);
  stepped.push({ sinceMs: atMs, kind: 'seen', lying: entering('lying'), floorSitting: entering('floorSitting') });
  return stepped;
}

/** Divides all cohorts by the same sum as the belief, and keeps their number bounded. */
export function normaliseCohorts(cohorts: readonly Cohort[], sum: number): Cohort[] {
  const normal = cohorts
    .map(
      (cohort): Cohort => ({
        sinceMs: cohort.sinceMs,
        kind: cohort.kind,
        lying: cohort.lying / sum,
        floorSitting: cohort.floorSitting / sum,
      }),
    )
    .filter((cohort) => massOf(cohort) > leastMass);
  return normal.length > mostCohorts ? mergeCohorts(normal, keptCohorts) : normal;
}

/** Merges the two neighbours of a kind that weigh least until at most `most` cohorts are left. */
export function mergeCohorts(cohorts: readonly Cohort[], most: number): Cohort[] {
  const sorted = [...cohorts].sort((a, b) => a.kind.localeCompare(b.kind) || a.sinceMs - b.sinceMs);
  while (sorted.length > most) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let index = 0; index + 1 < sorted.length; index++) {
      const [one, next] = [sorted[index] as Cohort, sorted[index + 1] as Cohort];
      const mass = massOf(one) + massOf(next);
      if (one.kind === next.kind && mass < least) {
        [best, least] = [index, mass];
      }
    }
    if (best < 0) break;
    const [one, next] = [sorted[best] as Cohort, sorted[best + 1] as Cohort];
    sorted.splice(best, 2, merged(one, next));
  }
  return sorted;
}

function merged(one: Cohort, next: Cohort): Cohort {
  const [first, second] = [massOf(one), massOf(next)];
  const share = first + second > 0 ? first / (first + second) : 0.5;
  return {
    sinceMs: one.sinceMs * share + next.sinceMs * (1 - share),
    kind: one.kind,
    lying: one.lying + next.lying,
    floorSitting: one.floorSitting + next.floorSitting,
  };
}
