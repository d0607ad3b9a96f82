import type { Clip } from './clip-list.ts';
import type { Told } from './simulate.ts';

/** What of a run counts. */
export interface Verdict {
  readonly found: boolean;
  /** Found, but by a timer that ran since before the fall: the alarm is right when it comes, what it counted from is not. */
  readonly lowBefore: boolean;
  /** Alarm − `on_floor_from_s`, s; the source's falls without it: `fall_start_s` + 1 s, as in the others. */
  readonly delaySeconds: number | undefined;
  readonly falseAlarms: number;
  /** Suspicions where nobody fell: in another clip, or of something low before the fall. */
  readonly suspicions: number;
  /** Why it was missed or falsely alarmed, for the report. */
  readonly reason: string | undefined;
}

type Alarm = Told & { readonly effect: { readonly kind: 'detected' } };

/**
 * Found is an alarm that comes once the fall has begun, when somebody is on the floor. Every other alarm is false: one before
 * the fall, a second one, any in a clip without a fall.
 */
export function judge(clip: Pick<Clip, 'kind' | 'fall_start_s' | 'on_floor_from_s'>, told: readonly Told[]): Verdict {
  const alarms = told.filter((one): one is Alarm => one.effect.kind === 'detected');
  const begins = clip.fall_start_s ?? undefined;
  const right = clip.kind === 'fall' ? alarms.find(({ at }) => at >= (begins ?? 0)) : undefined;
  const floor = clip.on_floor_from_s ?? (begins === undefined ? undefined : begins + 1);
  const wrong = alarms.filter((alarm) => alarm !== right);
  const missed = clip.kind === 'fall' && !right;
  return {
    found: right !== undefined,
    lowBefore: right !== undefined && !isOfTheFall(right, begins),
    delaySeconds: right && floor !== undefined ? right.at - floor : undefined,
    falseAlarms: wrong.length,
    suspicions: told.filter(
      (one) => one.effect.kind === 'suspected' && !(clip.kind === 'fall' && isOfTheFall(one, begins)),
    ).length,
    reason: missed ? missReason(told, wrong) : wrong.length > 0 ? wrong.map(falseReason).join('; ') : undefined,
  };
}

/** What is low since the fall began. Falls without times (care homes): anything within the clip. */
function isOfTheFall({ at, effect }: Told, begins = Number.NaN): boolean {
  if (!('lowAtMs' in effect)) return false;
  return Number.isNaN(begins) ? at >= 0 : effect.lowAtMs >= begins * 1000;
}

function missReason(told: readonly Told[], wrong: readonly Alarm[]): string {
  if (wrong.length > 0) return `only an alarm before the fall: ${wrong.map(falseReason).join('; ')}`;
  const kinds = new Set(told.map(({ effect }) => effect.kind));
  if (kinds.has('suspected'))
    return kinds.has('recovered') ? 'suspected, then taken for recovered' : 'suspected, the alarm did not become due';
  if (kinds.has('burst')) return 'seen low at least once, not often enough to be suspected';
  return kinds.has('person_not_visible') ? 'never seen low; told as not visible' : 'never seen low';
}

function falseReason({ at, effect }: Alarm): string {
  const { rule, abrupt, observations_low: low, observations_seen: seen } = effect.evidence;
  return `alarm at ${at.toFixed(0)} s by rule ${rule}${abrupt ? ' (abrupt)' : ''}, low in ${low} of ${seen}, low since ${(effect.lowAtMs / 1000).toFixed(0)} s`;
}
