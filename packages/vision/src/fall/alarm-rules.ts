import { flickers } from './episode.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { AlarmRule, Episode, Severity } from './fall-state.ts';

/** What decides about an alarm beside the episode itself. */
export interface AlarmContext {
  readonly atMs: number;
  /** The way out is near: somebody out of sight may have got up and left. */
  readonly nearExit: boolean;
  /** Somebody upright is beside the person. */
  readonly attended: boolean;
  /** Somebody was seen upright since the last LOW, under whatever number. */
  readonly othersUp: boolean;
  /** There is an alarm in the room already. */
  readonly roomAlarmed: boolean;
  /** Zones were configured (an empty list is a configuration). */
  readonly zonesConfigured: boolean;
  /** Usual time between observations of the room, ms. */
  readonly intervalMs: number;
}

interface Dwell {
  readonly rule: AlarmRule;
  readonly ms: number;
}

/** How long this person must have been on the floor, and the rule that says so. */
function dwell(episode: Episode, context: AlarmContext, policy: FallPolicy): Dwell {
  const { timing } = policy;
  const factor = context.zonesConfigured ? 1 : policy.zones.unconfiguredFactor;
  const sitting = episode.lying < timing.lyingShare * episode.low;
  if (sitting) return { rule: 'sitting', ms: timing.sittingAlarmSeconds * 1000 * factor };
  const longLie: Dwell = { rule: 'long_lie', ms: timing.longLieSeconds * 1000 };
  if (isAnother(episode, context)) return longLie;
  const base: Dwell = !isRecent(episode, context, policy)
    ? { rule: 'vanished', ms: timing.vanishedAlarmSeconds * 1000 * factor }
    : episode.abrupt || episode.cameIn === true
      ? { rule: 'abrupt', ms: timing.abruptAlarmSeconds * 1000 * factor }
      : { rule: 'slow', ms: timing.slowAlarmSeconds * 1000 * factor };
  return base.ms <= longLie.ms ? base : longLie;
}

/** LOW was seen lately enough to hold still; otherwise, while the clock runs, the person is out of sight. */
function isRecent(episode: Episode, { atMs, intervalMs }: AlarmContext, policy: FallPolicy): boolean {
  const { recentSeconds, recentIntervals } = policy.timing;
  return atMs - episode.lastLowAtMs <= Math.max(recentSeconds * 1000, recentIntervals * intervalMs);
}

/** Not seen to fall, at another place, while the room has its alarm: a helper who kneels, or a second resident. */
const isAnother = (episode: Episode, { roomAlarmed }: AlarmContext): boolean => roomAlarmed && !episode.abrupt;

/**
 * Seen low once, surely, up just before, and then out of sight: the detector lost somebody lying. What CANDIDATE needs
 * to alarm without ever having been DOWN.
 */
export function isVanished(episode: Episode, context: AlarmContext, policy: FallPolicy): boolean {
  const sure = episode.confidenceSum >= policy.timing.vanishedConfidence * episode.low;
  const { x1, y1, x2, y2 } = episode.place;
  const lying = x2 - x1 >= policy.timing.vanishedRatio * (y2 - y1);
  const lost = episode.abrupt && sure && lying && !context.othersUp && !isRecent(episode, context, policy);
  return lost && alarmRule(episode, context, policy) !== undefined;
}

/** Hardly looks like a person. */
const isDoubtful = (episode: Episode, policy: FallPolicy): boolean =>
  episode.confidenceSum < policy.timing.slowConfidence * episode.low;

/** Not seen LOW in most of the frames. */
const isMostlyUnseen = (episode: Episode, policy: FallPolicy): boolean =>
  episode.low < policy.timing.sittingShare * (episode.seen + episode.missed);

/**
 * DOWN → ALARM: the rule and severity, or undefined while it is too early. Nothing is raised while the last sight was
 * not LOW, while most sights were not, near an exit for somebody who is out of sight, or for what nobody saw fall where
 * it hardly looks like a person. While the room has its alarm, what nobody saw fall waits for the long lie, in view and lying:
 * whoever helps kneels and sits beside the first one, but does not lie there for two minutes.
 */
export function alarmRule(
  episode: Episode,
  context: AlarmContext,
  policy: FallPolicy,
): { readonly rule: AlarmRule; readonly severity: Severity } | undefined {
  if (!episode.running || episode.low < policy.timing.downShare * episode.seen || flickers(episode, policy))
    return undefined;
  const { rule, ms } = dwell(episode, context, policy);
  if (rule === 'sitting' && isMostlyUnseen(episode, policy)) return undefined;
  if (rule === 'vanished' && context.nearExit) return undefined;
  if (!episode.abrupt && isDoubtful(episode, policy)) return undefined;
  if (isAnother(episode, context) && (rule === 'sitting' || !isRecent(episode, context, policy))) return undefined;
  const wanted = context.attended ? Math.max(ms, policy.timing.attendedSeconds * 1000) : ms;
  if (episode.timerMs < wanted) return undefined;
  return { rule, severity: rule === 'sitting' || !context.zonesConfigured ? 'warning' : 'critical' };
}
