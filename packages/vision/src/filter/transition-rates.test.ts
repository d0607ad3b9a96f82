import fc from 'fast-check';
import { carried, states, sumOver } from './states.ts';
import { transitionsAfter } from './transition-rates.ts';

const seconds = fc.double({ min: 0, max: 1000, noNaN: true });

test('wherever a person is, they are somewhere after any time', () => {
  fc.assert(
    fc.property(seconds, (time) => {
      const transitions = transitionsAfter(time);
      for (const from of states) {
        expect(sumOver((to) => transitions[from][to])).toBeCloseTo(1, 9);
        for (const to of states) {
          expect(transitions[from][to]).toBeGreaterThanOrEqual(0);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('two looks at 5 s and one at 10 s believe the same: any rate follows the same equations', () => {
  const [five, ten] = [transitionsAfter(5), transitionsAfter(10)];
  for (const from of states) {
    const twice = carried(five[from], five);
    for (const to of states) {
      expect(twice[to]).toBeCloseTo(ten[from][to], 10);
    }
  }
});

test('absurd times between frames give finite probabilities', () => {
  for (const time of [1e300, Number.POSITIVE_INFINITY, -5]) {
    for (const from of states) {
      expect(sumOver((to) => transitionsAfter(time)[from][to])).toBeCloseTo(1, 6);
    }
  }
});
