import type { ByPosture } from '../posture/posture-model.ts';
import { type ByState, byState, type State } from './states.ts';

/**
 * How often a person in a state shows each posture (upright, sitting, sitting on the floor, lying) to the posture model. Estimated on
 * simulated skeletons and rounded; who sits on the floor is seen as sitting or lying half of the time.
 */
const shownPosture: Readonly<Record<Exclude<State, 'absent'>, ByPosture>> = {
  upright: [0.93, 0.05, 0.01, 0.01],
  sitting: [0.12, 0.76, 0.08, 0.04],
  inBed: [0.02, 0.13, 0.1, 0.75],
  floorSitting: [0.01, 0.22, 0.52, 0.25],
  lying: [0.01, 0.04, 0.1, 0.85],
};

/** Returns how likely each state is to show a judged posture, relative to the model's training shares; 1 for an absent person. */
export function postureLikelihood(posture: ByPosture, prior: ByPosture): ByState {
  const ratio = posture.map((probability, index) => probability / (prior[index] ?? 1));
  const likelihood = (state: Exclude<State, 'absent'>) =>
    shownPosture[state].reduce((sum, share, index) => sum + share * (ratio[index] ?? 0), 0);
  return byState((state) => (state === 'absent' ? 1 : likelihood(state)));
}

/** Probability that the lower half of the box lies in a bed or sofa zone, in each state. */
const inZone: ByState = { absent: 0.5, upright: 0.15, sitting: 0.45, inBed: 0.95, floorSitting: 0.05, lying: 0.05 };

/** Returns how likely each state is to have this share (0..1) of the box's lower half in a bed or sofa zone. */
export const zoneLikelihood = (share: number): ByState =>
  byState((state) => share * inZone[state] + (1 - share) * (1 - inZone[state]));

/** A look shows a person clearly (person score of at least a half), weakly, or not at all. */
export type DetectionStrength = 'strong' | 'weak' | 'none';

const strong: ByState = { absent: 0.001, upright: 0.94, sitting: 0.88, inBed: 0.45, floorSitting: 0.78, lying: 0.7 };
const weak: ByState = { absent: 0.01, upright: 0.02, sitting: 0.04, inBed: 0.18, floorSitting: 0.12, lying: 0.2 };

/** How often a look shows a person clearly, weakly or not at all, in each state: detectors lose people who lie. */
export const detectionLikelihood: Readonly<Record<DetectionStrength, ByState>> = {
  strong,
  weak,
  none: byState((state) => 1 - strong[state] - weak[state]),
};

/** Behind another person, people who do not stand are out of sight at least this often. */
const hiddenShare = 0.7;

/** Returns how likely each state is not to be seen while another person covers the place. */
export const hiddenLikelihood: ByState = byState((state) =>
  state === 'absent' || state === 'upright'
    ? detectionLikelihood.none[state]
    : Math.max(hiddenShare, detectionLikelihood.none[state]),
);

/** What a person is doing at the first sight, and how many such people appear per look and body size². */
export const firstDetectionStates: ByState = {
  absent: 0,
  upright: 0.62,
  sitting: 0.25,
  inBed: 0.09,
  floorSitting: 0.015,
  lying: 0.025,
};
export const newPersonDensity = 0.05;
/** The same for a thing that looks weakly like a person: things rarely appear, so a new weak sight where a person vanished is the person. */
export const thingDensity = 5e-4;

/**
 * A known thing explains what is seen in its place about as well as a person who stays there would, as far as the sight is not surely a
 * person.
 */
export const knownThingDensity = 1;
