import type { Box } from '../model/detection.ts';
import type { FallPolicy } from './fall-policy.ts';
import type { Episode } from './fall-state.ts';

/** What one frame showed of a track. `bed`: in bed or on a sofa, whatever the posture. */
export interface Sighting {
  readonly atMs: number;
  readonly posture: 'low' | 'up' | 'unsure' | 'bed' | 'part';
  readonly lying: boolean;
  readonly score: number;
  /** Names of the posture rules that gave it. */
  readonly rules: readonly string[];
  readonly confidence: number;
  readonly turned: boolean;
  /** Image heights. */
  readonly box: Box;
}

/** The episode that a first LOW opens. */
export function openEpisode(
  sighting: Sighting,
  fallId: string,
  before: { readonly abrupt: boolean; readonly cameIn?: boolean },
): Episode {
  const { atMs } = sighting;
  return {
    fallId,
    lowAtMs: atMs,
    lastLowAtMs: atMs,
    place: sighting.box,
    abrupt: before.abrupt,
    ...(before.cameIn === true ? { cameIn: true } : {}),
    seen: 1,
    low: 1,
    lying: sighting.lying ? 1 : 0,
    missed: 0,
    turnedLow: sighting.turned ? 1 : 0,
    turnedLooks: 0,
    fruitless: 0,
    scoreSum: sighting.score,
    rules: counted({}, sighting.rules),
    confidenceSum: sighting.confidence,
    timerMs: 0,
    timerAtMs: atMs,
    running: true,
    upCount: 0,
  };
}

/** Lets the clock run: time counts after a LOW and while the person is out of sight, not after UNSURE or UP. */
export function passTime(episode: Episode, atMs: number): Episode {
  const elapsed = Math.max(0, atMs - episode.timerAtMs);
  return {
    ...episode,
    timerAtMs: Math.max(atMs, episode.timerAtMs),
    timerMs: episode.timerMs + (episode.running ? elapsed : 0),
  };
}

function counted(counts: Episode['rules'], names: readonly string[]): Episode['rules'] {
  return { ...counts, ...Object.fromEntries(names.map((name) => [name, (counts[name] ?? 0) + 1])) };
}

/** A frame that showed the person. */
export function addSighting(before: Episode, sighting: Sighting): Episode {
  const episode = passTime(before, sighting.atMs);
  const seen = episode.seen + 1;
  if (sighting.posture === 'low') {
    const { upAtMs: _, ...rest } = episode;
    return {
      ...rest,
      seen,
      low: episode.low + 1,
      lying: episode.lying + (sighting.lying ? 1 : 0),
      turnedLow: episode.turnedLow + (sighting.turned ? 1 : 0),
      fruitless: 0,
      scoreSum: episode.scoreSum + sighting.score,
      rules: counted(episode.rules, sighting.rules),
      confidenceSum: episode.confidenceSum + sighting.confidence,
      lastLowAtMs: sighting.atMs,
      place: sighting.box,
      running: true,
      upCount: 0,
    };
  }
  if (sighting.posture === 'unsure' || sighting.posture === 'part') return { ...episode, seen, running: false };
  return { ...episode, seen, running: false, upAtMs: episode.upAtMs ?? sighting.atMs, upCount: episode.upCount + 1 };
}

/** A frame without the person. */
export function addMiss(before: Episode, atMs: number): Episode {
  return { ...passTime(before, atMs), missed: before.missed + 1 };
}

/** Seen in turned pictures only, and in too few of those that were looked at. */
export const flickers = ({ low, turnedLow, turnedLooks }: Episode, policy: FallPolicy): boolean =>
  turnedLow === low && low < policy.timing.turnedShare * turnedLooks;

/** CANDIDATE → DOWN: enough LOW, for long enough, in most of the observations. */
export function isDown(episode: Episode, policy: FallPolicy): boolean {
  const { downObservations, downSeconds, downShare } = policy.timing;
  return (
    episode.low >= downObservations &&
    episode.lastLowAtMs - episode.lowAtMs >= downSeconds * 1000 &&
    episode.low >= downShare * episode.seen &&
    !flickers(episode, policy)
  );
}

/** Up (or in bed) for long enough, in enough observations. */
export function isRecovered(episode: Episode, wasAlarm: boolean, atMs: number, policy: FallPolicy): boolean {
  const { recoverSeconds, recoverObservations, recoverAlarmObservations } = policy.timing;
  return (
    episode.upAtMs !== undefined &&
    episode.upCount >= (wasAlarm ? recoverAlarmObservations : recoverObservations) &&
    atMs - episode.upAtMs >= recoverSeconds * 1000
  );
}
