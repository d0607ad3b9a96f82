import { byTransition, type State, type Transitions } from './states.ts';

/** A point in image heights. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Deviation of the place of a person who stays, in body scales: breathing, arms, noise of the box. */
const stayDeviation = 0.25;
/** Deviation of the place of a person who walks: at once (the box of a person who falls jumps), per second, and at most. */
const walkDeviationAtOnce = 0.5;
const walkDeviationPerSecond = 0.6;
const walkDeviationMost = 3;

/** How likely a distance is for people who stay and who walk: densities per body scale². */
export interface Movement {
  readonly stay: number;
  readonly walk: number;
}

const density = (distance: number, deviation: number): number =>
  Math.exp(-(distance ** 2) / (2 * deviation ** 2)) / (2 * Math.PI * deviation ** 2);

/** @param distance in body scales */
export function movementDensities(distance: number, seconds: number): Movement {
  const walked = Math.min(walkDeviationMost, walkDeviationAtOnce + walkDeviationPerSecond * seconds);
  return { stay: density(distance, stayDeviation), walk: density(distance, walked) };
}

const restful: ReadonlySet<State> = new Set<State>(['sitting', 'inBed', 'floorSitting', 'lying']);
const floor: ReadonlySet<State> = new Set<State>(['floorSitting', 'lying']);
/** An absent person is somewhere in the room with this density: a weak sight of a thing. */
const anywhere = 0.05;

/**
 * Returns how likely the distance is for each change of state: who rests stays, who is upright may walk, and any change may do both.
 * @param weak the sight may be a thing that has nothing to do with the person
 */
export function movementLikelihood({ stay, walk }: Movement, weak: boolean): Transitions {
  return byTransition((from, to) => {
    if (weak && (from === 'absent' || to === 'absent')) return anywhere;
    const rests = (from === to && restful.has(from)) || (floor.has(from) && floor.has(to));
    if (rests) return 0.97 * stay + 0.03 * walk;
    if (from === 'upright' && to === 'upright') return 0.97 * stay + 0.4 * walk;
    const sits = (from === 'upright' && to === 'sitting') || (from === 'sitting' && to === 'upright');
    return sits ? 0.6 * stay + 0.4 * walk : 0.5 * stay + 0.5 * walk;
  });
}

/** Weak sights continue a person only within this many scales: at once, per second, and at most. */
const weakReachAtOnce = 1.2;
const weakReachPerSecond = 0.25;
const weakReachMost = 2;

export const weakReach = (seconds: number): number =>
  Math.min(weakReachMost, weakReachAtOnce + weakReachPerSecond * seconds);
