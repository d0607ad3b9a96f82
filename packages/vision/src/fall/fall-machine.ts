import { type AlarmContext, alarmRule, isVanished } from './alarm-rules.ts';
import { addMiss, addSighting, isDown, isRecovered, openEpisode, passTime, type Sighting } from './episode.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { AlarmRule, Episode, FallState, Severity } from './fall-state.ts';

/** What a track's machine is told. */
export type FallInput =
  | {
      readonly kind: 'sighting';
      readonly sighting: Sighting;
      readonly abrupt: boolean;
      readonly cameIn?: boolean;
      readonly fallId: string;
    }
  | { readonly kind: 'miss' }
  | { readonly kind: 'time' }
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'resolved' };

/** What it asks for; the room turns these into events and requests. */
export type FallEffect =
  | { readonly kind: 'candidate'; readonly episode: Episode }
  | { readonly kind: 'suspected'; readonly episode: Episode }
  | { readonly kind: 'detected'; readonly episode: Episode; readonly rule: AlarmRule; readonly severity: Severity }
  | {
      readonly kind: 'reminder';
      readonly episode: Episode;
      readonly rule: AlarmRule;
      readonly severity: Severity;
      readonly alarmAtMs: number;
    }
  /** `alarmAtMs` is absent where it had not become an alarm yet. */
  | { readonly kind: 'recovered'; readonly episode: Episode; readonly alarmAtMs?: number };

export type FallStep = readonly [FallState, readonly FallEffect[]];

const none: FallState = { kind: 'none' };
type Active = Exclude<FallState, { kind: 'none' }>;

/** The machine of one track: `none → candidate → down → alarm → none`, and `quiet` after a person resolved the alarm. */
export function stepFall(state: FallState, input: FallInput, context: AlarmContext, policy: FallPolicy): FallStep {
  switch (input.kind) {
    case 'acknowledged':
      return [state.kind === 'alarm' ? { ...state, acknowledged: true } : state, []];
    case 'resolved':
      return [state.kind === 'none' ? state : { kind: 'quiet', episode: state.episode }, []];
    case 'sighting':
      if (state.kind !== 'none')
        return settle(withEpisode(state, addSighting(state.episode, input.sighting)), context, policy);
      if (input.sighting.posture !== 'low') return [state, []];
      return opened(openEpisode(input.sighting, input.fallId, input));
    case 'miss':
      if (state.kind === 'none') return [state, []];
      return settle(withEpisode(state, addMiss(state.episode, context.atMs)), context, policy);
    case 'time':
      if (state.kind === 'none') return [state, []];
      return settle(withEpisode(state, passTime(state.episode, context.atMs)), context, policy);
  }
}

const opened = (episode: Episode): FallStep => [{ kind: 'candidate', episode }, [{ kind: 'candidate', episode }]];

function withEpisode(state: Active, episode: Episode): Active {
  return { ...state, episode };
}

/** After any change: recovered? confirmed? long enough? reminded? */
function settle(state: Active, context: AlarmContext, policy: FallPolicy): FallStep {
  const { episode } = state;
  if (isRecovered(episode, state.kind === 'alarm', context.atMs, policy)) {
    if (state.kind === 'alarm') return [none, [{ kind: 'recovered', episode, alarmAtMs: state.alarmAtMs }]];
    return [none, state.kind === 'down' ? [{ kind: 'recovered', episode }] : []];
  }
  switch (state.kind) {
    case 'quiet':
      return [state, []];
    case 'candidate':
      return settleCandidate(state, context, policy);
    case 'down':
      return settleDown(state, context, policy);
    case 'alarm':
      return remind(state, context, policy);
  }
}

function settleCandidate(
  state: Extract<FallState, { kind: 'candidate' }>,
  context: AlarmContext,
  policy: FallPolicy,
): FallStep {
  const { episode } = state;
  if (isDown(episode, policy) || isVanished(episode, context, policy)) {
    const [next, effects] = settleDown({ kind: 'down', episode, downAtMs: context.atMs }, context, policy);
    return [next, [{ kind: 'suspected', episode }, ...effects]];
  }
  return isStale(episode, context, policy) ? [none, []] : [state, []];
}

function settleDown(state: Extract<FallState, { kind: 'down' }>, context: AlarmContext, policy: FallPolicy): FallStep {
  const { episode } = state;
  const alarm = alarmRule(episode, context, policy);
  if (alarm) {
    const { atMs } = context;
    const next: FallState = {
      kind: 'alarm',
      episode,
      alarmAtMs: atMs,
      remindedAtMs: atMs,
      acknowledged: false,
      ...alarm,
    };
    return [next, [{ kind: 'detected', episode, ...alarm }]];
  }
  const gone = isStale(episode, context, policy) && (!episode.running || context.nearExit);
  return gone ? [none, [{ kind: 'recovered', episode }]] : [state, []];
}

/** Nothing LOW for so long that the suspicion is worth nothing any more. */
function isStale(episode: Episode, { atMs, intervalMs }: AlarmContext, policy: FallPolicy): boolean {
  const { candidateSeconds, candidateIntervals, candidateUnseenFactor } = policy.timing;
  const limitMs = Math.max(candidateSeconds * 1000, candidateIntervals * intervalMs);
  return atMs - episode.lastLowAtMs > (episode.running ? candidateUnseenFactor * limitMs : limitMs);
}

function remind(state: Extract<FallState, { kind: 'alarm' }>, { atMs }: AlarmContext, policy: FallPolicy): FallStep {
  if (state.acknowledged || atMs - state.remindedAtMs < policy.quiet.reminderSeconds * 1000) return [state, []];
  const { episode, rule, severity, alarmAtMs } = state;
  return [{ ...state, remindedAtMs: atMs }, [{ kind: 'reminder', episode, rule, severity, alarmAtMs }]];
}
