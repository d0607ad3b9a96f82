import { boxArea, intersectionArea } from '../detection/box.ts';
import type { Box } from '../detection/detection.ts';
import type { ByPosture } from '../posture/posture-model.ts';
import type { DetectionLink } from './associate.ts';
import { type Cohort, normaliseCohorts, stepCohorts } from './cohorts.ts';
import { detectionLikelihood, firstDetectionStates, hiddenLikelihood } from './evidence.ts';
import { movementLikelihood, type Place } from './movement.ts';
import { learnOwnHeight } from './own-height.ts';
import type { PersonDetection } from './person-detection.ts';
import { type ByState, byState, byTransition, carried, states, sumOver, type Transitions } from './states.ts';
import { carryStill } from './still-person.ts';
import { detectionExponent, missExponent, stillSeconds } from './tempering.ts';
import { isKnownThing, type Thing } from './things.ts';
import type { Track } from './track.ts';
import { transitionsAfter, withoutBed } from './transition-rates.ts';

/** The look that a track is carried to. */
export interface TrackStep {
  readonly atMs: number;
  /** The model was shown the frame mirrored. */
  readonly mirrored: boolean;
  readonly transitions: Transitions;
  readonly elapsedSeconds: number;
  /** Weight of the look, 0..1. */
  readonly weight: number;
  /** The room has a bed or sofa zone. */
  readonly hasBed: boolean;
  /** What looked like a person up to the look before. */
  readonly things: readonly Thing[];
}

/** From this person score on, once, a person is sure, as one who has walked is: weak sights may continue them, and they are missed. */
export const sureScore = 0.8;
/**
 * Moved further than this from where the person rested (body scales), or changed shape by more than this (total variation of the
 * posture): a new moment.
 */
export const movedScales = 0.35;
const changedShape = 0.6;
/** Walked: moved away by so many body scales. */
const walkedScales = 1;
/** Seen so often before, what walks is a person. */
const walkerSights = 2;
/** Weight of a sight in the running mean of the scale. */
const scaleMemory = 0.3;
/** Weight of a look in the running mean of the person score. */
const personMemory = 0.3;
const personMemoryLeast = 0.1;
/** A strong sight leaves this of the belief that the person is absent. */
const absentThoughSeen = 1e-9;
/** A person is hidden when another box covers more than this share of theirs. */
const hiddenShare = 0.4;
const leastBelief = 1e-12;
/** A look that does not depend on the state. */
const unknown: ByState = byState(() => 1);

/** The belief and the cohorts after one step; `weights` is the likelihood of each state. */
function carriedOn(
  track: Track,
  transitions: Transitions,
  weights: ByState,
  step: TrackStep,
): Pick<Track, 'belief' | 'cohorts'> {
  const moves = step.hasBed ? transitions : withoutBed(transitions);
  const next = carried(track.belief, moves);
  const sum = Math.max(
    1e-300,
    sumOver((state) => next[state] * weights[state]),
  );
  const cohorts = stepCohorts(track.cohorts, track.belief, moves, weights, step.atMs);
  return {
    belief: byState((state) => Math.max(leastBelief, (next[state] * weights[state]) / sum)),
    cohorts: normaliseCohorts(cohorts, sum),
  };
}

/** Carries a track to a look that showed the person. */
export function seenTrack(track: Track, { detection, movement }: DetectionLink, step: TrackStep): Track {
  const moved = distanceOf(detection.place, track.restPlace) / Math.max(track.scale, detection.scale);
  const shape = totalVariation(detection.posture, track.posture);
  const isNewMoment = moved > movedScales || (detection.strong && shape > changedShape);
  const same = isNewMoment ? 0 : track.sameSights;
  const exponent = detectionExponent(step.weight, same);
  const certainty = Math.min(1, 2 * detection.person);
  const seen = detectionLikelihood[detection.strong ? 'strong' : 'weak'];
  const best = { looks: largest(detection.likelihood), seen: largest(seen) };
  const weights = byState((state) =>
    state === 'absent' && detection.strong
      ? absentThoughSeen
      : (detection.likelihood[state] / best.looks) ** (exponent * certainty) * (seen[state] / best.seen) ** exponent,
  );
  const moves = movementLikelihood(movement, !detection.strong);
  const nearer = Math.max(movement.stay, movement.walk, Number.MIN_VALUE);
  const changes = transitionsAfter(stillSeconds(step.elapsedSeconds, same));
  const transitions = byTransition((from, to) => changes[from][to] * (moves[from][to] / nearer) ** exponent);
  const walked = distanceOf(detection.place, track.walkedTo) > walkedScales * Math.max(track.scale, detection.scale);
  const next = carriedOn(track, transitions, weights, step);
  const own = isUp(detection, next.belief) ? learnOwnHeight(track, detection) : undefined;
  const share = isNewMoment ? 1 : (step.weight * certainty) / (same + step.weight);
  return {
    ...track,
    ...next,
    ...own,
    place: detection.place,
    scale: blended(track.scale, detection.scale),
    box: detection.box,
    confidence: detection.confidence,
    seenAtMs: step.atMs,
    sights: track.sights + 1,
    person: meanPerson(track, detection.person, step),
    sure: track.sure || detection.person >= sureScore || (walked && isBetweenNoThings(track, detection, step)),
    posture: mixed(track.posture, detection.posture, share),
    restPlace: isNewMoment ? detection.place : track.restPlace,
    sameSights: same + step.weight,
    sameMisses: 0,
    low: detection.posture[3] + detection.posture[2] / 2,
    walkedTo: walked ? detection.place : track.walkedTo,
    walkedAtMs: walked ? step.atMs : track.walkedAtMs,
    missingAtMs: undefined,
    toldMissing: false,
    still: carryStill(track.still, {
      box: detection.box,
      scale: track.scale,
      atMs: step.atMs,
      beforeMs: track.seenAtMs,
    }),
  };
}

/** Running mean of the person score. */
const meanPerson = ({ person }: Track, now: number, { weight }: TrackStep): number =>
  person + (now - person) * Math.max(personMemoryLeast, personMemory * weight);

/** From this probability on a person is up or on a chair, so that the limbs show the standing height. */
const upBelief = 0.8;

const isUp = ({ strong, posture }: PersonDetection, { upright, sitting }: ByState): boolean =>
  strong && posture[0] + posture[1] > upBelief && upright + sitting > upBelief;

const blended = (old: number, now: number): number => (1 - scaleMemory) * old + scaleMemory * now;

/**
 * Carries a track to a look that did not show the person.
 * @param others boxes of the sights of this look
 * @param thingScore person score of the known thing that the look shows in the person's place: furniture that is taken for a person now and
 * then is mostly seen as the thing that it is
 */
export function missedTrack(track: Track, others: readonly Box[], step: TrackStep, thingScore?: number): Track {
  const person = thingScore === undefined ? track.person : meanPerson(track, thingScore, step);
  // A mirrored frame finds people who lie the other way round and loses some whom plain frames show: it is not a sign that a person has gone.
  if (step.mirrored) return { ...track, ...carriedOn(track, step.transitions, unknown, step), person };
  const isHidden = others.some((box) => intersectionArea(track.box, box) > hiddenShare * boxArea(track.box));
  const unseen = isHidden ? hiddenLikelihood : detectionLikelihood.none;
  const exponent = missExponent(step.weight, track.sameMisses);
  const weights = byState((state) => unseen[state] ** exponent);
  return {
    ...track,
    ...carriedOn(track, step.transitions, weights, step),
    person,
    sameMisses: track.sameMisses + step.weight,
    missingAtMs: track.missingAtMs ?? step.atMs,
  };
}

/** Starts a track. @param wasUnseen the person came between two looks and fell: a low first sight counts as seen */
export function newTrack(id: number, detection: PersonDetection, step: TrackStep, wasUnseen: boolean): Track {
  const weights = byState((state) =>
    state === 'inBed' && !step.hasBed ? 0 : firstDetectionStates[state] * detection.likelihood[state],
  );
  const sum = Math.max(
    1e-300,
    sumOver((state) => weights[state]),
  );
  const belief = byState((state) => weights[state] / sum);
  const cohort: Cohort = {
    sinceMs: step.atMs,
    kind: wasUnseen ? 'seen' : 'found',
    lying: belief.lying,
    floorSitting: belief.floorSitting,
  };
  return {
    id,
    belief,
    cohorts: [cohort],
    place: detection.place,
    scale: detection.scale,
    box: detection.box,
    confidence: detection.confidence,
    firstAtMs: step.atMs,
    seenAtMs: step.atMs,
    sights: 1,
    person: detection.person,
    sure: detection.person >= sureScore,
    posture: detection.posture,
    restPlace: detection.place,
    sameSights: 1,
    sameMisses: 0,
    low: detection.posture[3] + detection.posture[2] / 2,
    walkedTo: detection.place,
    walkedAtMs: step.atMs,
    missingAtMs: undefined,
    toldMissing: false,
  };
}

/** Furniture does not walk; two pieces of it that look like one person, now here and now there, do. */
const isBetweenNoThings = (track: Track, { box, strong }: PersonDetection, { things }: TrackStep): boolean =>
  strong && track.sights >= walkerSights && !isKnownThing(track.box, things) && !isKnownThing(box, things);

const largest = (likelihood: ByState): number =>
  Math.max(...states.map((state) => (state === 'absent' ? 0 : likelihood[state])), Number.MIN_VALUE);

const totalVariation = (a: ByPosture, b: ByPosture): number =>
  (Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]) + Math.abs(a[2] - b[2]) + Math.abs(a[3] - b[3])) / 2;

const mixed = (old: ByPosture, now: ByPosture, weight: number): ByPosture => [
  old[0] + weight * (now[0] - old[0]),
  old[1] + weight * (now[1] - old[1]),
  old[2] + weight * (now[2] - old[2]),
  old[3] + weight * (now[3] - old[3]),
];

const distanceOf = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y);
