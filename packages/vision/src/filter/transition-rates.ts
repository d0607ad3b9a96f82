import { type ByState, byTransition, type State, sumOver, type Transitions } from './states.ts';

/**
 * Seconds until a person in one state is in another, on average. These are not the rates of life (falls are rarer): they limit how fast
 * belief may move from one look to the next; the time that a person must be on the floor before the alarm does the rest. Round numbers,
 * chosen once on one half of URFD and GMDCSA24.
 */
const meanSeconds: Readonly<Record<State, Partial<ByState>>> = {
  absent: {},
  upright: { sitting: 60, absent: 60, lying: 200, inBed: 300, floorSitting: 400 },
  sitting: { upright: 120, lying: 200, inBed: 300, absent: 600, floorSitting: 600 },
  inBed: { sitting: 300, upright: 600, lying: 900, absent: 1800 },
  floorSitting: { lying: 60, upright: 120, sitting: 120, absent: 1800 },
  lying: { upright: 100, sitting: 150, floorSitting: 120, absent: 1800 },
};

const rate = (from: State, to: State): number => {
  const seconds = meanSeconds[from][to];
  return seconds === undefined ? 0 : 1 / seconds;
};

/** Rates per second; each row sums to zero. */
const generator: Transitions = byTransition((from, to) =>
  from === to ? -sumOver((other) => (other === from ? 0 : rate(from, other))) : rate(from, to),
);

const identity: Transitions = byTransition((from, to) => (from === to ? 1 : 0));

const product = (a: Transitions, b: Transitions): Transitions =>
  byTransition((from, to) => sumOver((by) => a[from][by] * b[by][to]));

/** Beyond this all is forgotten anyway; it also bounds absurd times. */
const longestSeconds = 86_400;
/** The series is summed over so short a step that eight terms are exact to 1e-12. */
const seriesSeconds = 4;
const seriesTerms = 8;

/** The terms of the exponential series without the time: the power of the rates divided by its factorial, from the zeroth on. */
const series: readonly Transitions[] = (() => {
  const terms = [identity];
  for (let power = 1; power <= seriesTerms; power++) {
    const next = product(terms[power - 1] ?? identity, generator);
    terms.push(byTransition((from, to) => next[from][to] / power));
  }
  return terms;
})();

/**
 * Returns the probabilities of being in each state after some time, from each state: the matrix exponential of the rates (scaling and
 * squaring, Moler & Van Loan 2003). The same rates hold for any time between two frames.
 */
export function transitionsAfter(seconds: number): Transitions {
  const bounded = Math.min(longestSeconds, Math.max(0, seconds));
  const halvings = Math.max(0, Math.ceil(Math.log2(bounded / seriesSeconds)));
  const step = bounded / 2 ** halvings;
  let result = byTransition((from, to) => series.reduceRight((sum, term) => sum * step + term[from][to], 0));
  for (let halving = 0; halving < halvings; halving++) {
    result = product(result, result);
  }
  return result;
}

/** Takes the state `inBed` out of the transitions: a room without a bed or sofa zone has none. */
export const withoutBed = (transitions: Transitions): Transitions =>
  byTransition((from, to) => (to === 'inBed' ? 0 : transitions[from][to]));
