/**
 * What a person may be doing. `absent`: left the room. `sitting`: on a chair, kneeling or squatting. `inBed`: in bed or on a sofa,
 * sitting or lying. `floorSitting` and `lying`: on the floor.
 */
export const states = ['absent', 'upright', 'sitting', 'inBed', 'floorSitting', 'lying'] as const;
export type State = (typeof states)[number];

/** One number for each state: a belief, a likelihood, a probability of being seen. */
export type ByState = Readonly<Record<State, number>>;

/** One row for each state that is left, one column for each that is entered. */
export type Transitions = Readonly<Record<State, ByState>>;

/** Builds a number for each state. */
export const byState = (value: (state: State) => number): ByState => ({
  absent: value('absent'),
  upright: value('upright'),
  sitting: value('sitting'),
  inBed: value('inBed'),
  floorSitting: value('floorSitting'),
  lying: value('lying'),
});

/** Builds a number for each pair of states. */
export const byTransition = (value: (from: State, to: State) => number): Transitions => ({
  absent: byState((to) => value('absent', to)),
  upright: byState((to) => value('upright', to)),
  sitting: byState((to) => value('sitting', to)),
  inBed: byState((to) => value('inBed', to)),
  floorSitting: byState((to) => value('floorSitting', to)),
  lying: byState((to) => value('lying', to)),
});

/** Returns the sum of a number over all states. */
export const sumOver = (value: (state: State) => number): number => {
  let sum = 0;
  for (const state of states) {
    sum += value(state);
  }
  return sum;
};

/** Returns where a belief goes: the sum over all states left, for each state entered. */
export const carried = (belief: ByState, transitions: Transitions): ByState =>
  byState((to) => sumOver((from) => belief[from] * transitions[from][to]));

/** Returns the belief that the person is on the floor, sitting or lying. */
export const onFloor = (belief: ByState): number => belief.floorSitting + belief.lying;

/** Returns the belief that the person is up, on a chair or in bed. */
export const offFloor = (belief: ByState): number => belief.upright + belief.sitting + belief.inBed;
