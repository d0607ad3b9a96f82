import type { Track } from '../track/track.ts';
import { isCalm } from './clutter.ts';
import type { FallEffect } from './fall-machine.ts';
import { isJustGone } from './missing.ts';
import type { RoomView } from './room-context.ts';
import type { RoomEffect, TurnedReason } from './room-effects.ts';
import type { RoomState } from './room-state.ts';

/** A first LOW asks for a burst, where no fall is known yet; slow ones not again within `burstPauseSeconds`. */
export function requestBurst(
  state: RoomState,
  effects: readonly FallEffect[],
  atMs: number,
  { policy }: RoomView,
): readonly [RoomState, readonly RoomEffect[]] {
  const candidate = effects.find((effect) => effect.kind === 'candidate');
  const known = state.tracks.some(({ fall }) => fall.kind === 'down' || fall.kind === 'alarm');
  if (!candidate || known) return [state, []];
  const { burstFps, burstSeconds, burstLateSeconds, burstPauseSeconds, burstTurned } = policy.attention;
  const paused = state.burstAtMs !== undefined && atMs - state.burstAtMs < burstPauseSeconds * 1000;
  const running = state.burstEndAtMs !== undefined && atMs < state.burstEndAtMs;
  if (running || (paused && !candidate.episode.abrupt)) return [state, []];
  const reason = candidate.episode.abrupt ? 'abrupt_low' : 'low';
  return [
    { ...state, burstAtMs: atMs, burstEndAtMs: atMs + (burstLateSeconds + burstSeconds) * 1000 },
    [
      {
        ...{ kind: 'burst', fps: burstFps, seconds: burstSeconds, lateSeconds: burstLateSeconds },
        ...{ turned: burstTurned, reason },
      },
    ],
  ];
}

/**
 * Should the next frame be looked at turned too? Freely while somebody may be down and the plain picture does not show it,
 * until some passes in a row showed nothing; then, and for people out of sight and postures that are nearly LOW,
 * within the saved allowance.
 */
export function requestTurnedPass(
  state: RoomState,
  scores: ReadonlyMap<number, number>,
  view: RoomView,
): readonly [RoomState, readonly RoomEffect[]] {
  const saved = save(state, view.policy);
  const low = state.tracks.find(
    (track) => lowReason(track) && fruitless(track) < view.policy.attention.fruitlessPasses,
  );
  if (low) return ask(searched(saved), lowReason(low));
  const reason = state.tracks
    .map((track) => lowReason(track) ?? unsureReason(track, scores, state, view))
    .find((one) => one !== undefined);
  if (reason && saved.turnedSaved >= 1) return ask(searched({ ...saved, turnedSaved: saved.turnedSaved - 1 }), reason);
  if (saved.clutterSaved < 1 || !isCalm(state.tracks)) return [saved, []];
  return ask({ ...saved, clutterSaved: saved.clutterSaved - 1 }, 'clutter');
}

const ask = (state: RoomState, reason: TurnedReason | undefined): readonly [RoomState, readonly RoomEffect[]] => [
  state,
  reason ? [{ kind: 'turned_pass', reason }] : [],
];

/** Somebody may be down, and the plain picture does not say so. */
function lowReason({ fall, missingAtMs, stance, turned }: Track): TurnedReason | undefined {
  if (fall.kind !== 'candidate' && fall.kind !== 'down') return undefined;
  if (missingAtMs !== undefined) return 'low_missing';
  return stance === 'unsure' || turned ? 'low_unsure' : undefined;
}

const fruitless = ({ fall }: Track): number => (fall.kind === 'none' ? 0 : fall.episode.fruitless);

/** A pass that is asked for is fruitless for everybody it is meant for, until they are seen LOW. */
const searched = (state: RoomState): RoomState => ({
  ...state,
  tracks: state.tracks.map((track): Track => {
    const { fall } = track;
    if (fall.kind === 'none' || !lowReason(track)) return track;
    const { turnedLooks, fruitless: since } = fall.episode;
    const episode = { ...fall.episode, turnedLooks: turnedLooks + 1, fruitless: since + 1 };
    return { ...track, fall: { ...fall, episode } };
  }),
});

/**
 * Every frame earns a little of what turned passes cost; for what stands in the room, which time teaches and not pictures, at
 * more than one a second no more than at one.
 */
function save(state: RoomState, { attention }: RoomView['policy']): RoomState {
  const share = state.intervalMs > 0 ? Math.min(1, state.intervalMs / 1000) : 1;
  return {
    ...state,
    turnedSaved: Math.min(attention.turnedSaved, state.turnedSaved + attention.turnedPerObservation),
    clutterSaved: Math.min(attention.clutterSaved, state.clutterSaved + share * attention.clutterPerObservation),
  };
}

function unsureReason(track: Track, scores: ReadonlyMap<number, number>, state: RoomState, { policy }: RoomView) {
  if (track.fall.kind !== 'none') return undefined;
  if (isJustGone(track, state.atMs ?? 0, state.intervalMs, policy)) return 'person_missing' as const;
  return track.stance === 'unsure' && (scores.get(track.id) ?? 0) >= policy.attention.nearlyLowScore
    ? ('nearly_low' as const)
    : undefined;
}
