import type { Clip } from './clip-list.ts';
import type { TimedEffect } from './simulate.ts';

/** What of a run counts. */
export interface Verdict {
  readonly found: boolean;
  /** Alarm − `on_floor_from_s`, s; where the source does not give it: `fall_start_s` + 1 s, as in the others. */
  readonly delaySeconds: number | undefined;
  readonly falseAlarms: number;
  /** Of the false alarms, those during a fall that claim a much earlier one: the alarm comes at the right time by luck. */
  readonly earlyClaims: number;
  /** Suspicions without a fall: in another clip, or of a body that was low before the fall. */
  readonly suspicions: number;
  /** Why it was missed or falsely alarmed, for the report. */
  readonly reason: string | undefined;
}

type Alarm = TimedEffect & { readonly effect: { readonly kind: 'detected' } };

/** An alarm may claim that the fall began this much before its label, beyond the time between two frames, s. */
const claimTolerance = 2;

/**
 * Judges what a room reported about a clip. Found is an alarm that comes after the fall began *and* claims a time on the floor that
 * began no earlier than the fall (by more than 2 s and the time between two frames). Every other alarm is false: one before the fall,
 * one whose time on the floor began before it, a second one, any in a clip without a fall.
 * @param fps the rate at which the clip was watched, frames per second
 */
export function judge(
  clip: Pick<Clip, 'kind' | 'fall_start_s' | 'on_floor_from_s'>,
  told: readonly TimedEffect[],
  fps: number,
): Verdict {
  const alarms = told.filter((one): one is Alarm => one.effect.kind === 'detected');
  const begins = clip.fall_start_s ?? undefined;
  const earliestClaim = begins === undefined ? undefined : begins - claimTolerance - 1 / fps;
  const during = clip.kind === 'fall' ? alarms.filter(({ at }) => at >= (begins ?? 0)) : [];
  const right = during.find((alarm) => isOfTheFall(alarm, earliestClaim));
  const floor = clip.on_floor_from_s ?? (begins === undefined ? undefined : begins + 1);
  const wrong = alarms.filter((alarm) => alarm !== right);
  const missed = clip.kind === 'fall' && !right;
  return {
    found: right !== undefined,
    delaySeconds: right && floor !== undefined ? right.at - floor : undefined,
    falseAlarms: wrong.length,
    earlyClaims: during.filter((alarm) => !isOfTheFall(alarm, earliestClaim)).length,
    suspicions: told.filter(
      (one) => one.effect.kind === 'suspected' && !(clip.kind === 'fall' && isOfTheFall(one, earliestClaim)),
    ).length,
    reason: missed ? missReason(told, wrong) : wrong.length > 0 ? wrong.map(falseReason).join('; ') : undefined,
  };
}

/** Whether it claims a fall since the labelled one began. Falls without times: anything within the clip. */
function isOfTheFall({ at, effect }: TimedEffect, earliestClaim: number | undefined): boolean {
  if (!('lowAtMs' in effect)) return false;
  return earliestClaim === undefined ? at >= 0 : effect.lowAtMs >= earliestClaim * 1000;
}

function missReason(told: readonly TimedEffect[], wrong: readonly Alarm[]): string {
  if (wrong.length > 0) return `only a false alarm: ${wrong.map(falseReason).join('; ')}`;
  const kinds = new Set(told.map(({ effect }) => effect.kind));
  if (kinds.has('suspected'))
    return kinds.has('recovered') ? 'suspected, then taken for recovered' : 'suspected, the alarm did not become due';
  if (kinds.has('burst')) return 'seen low at least once, not often enough to be suspected';
  return kinds.has('person_not_visible') ? 'never seen low; reported as not visible' : 'never seen low';
}

function falseReason({ at, effect }: Alarm): string {
  return `alarm at ${at.toFixed(0)} s, claims the floor since ${(effect.lowAtMs / 1000).toFixed(0)} s`;
}
