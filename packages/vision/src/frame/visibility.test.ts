import { observeVisibility, type Visibility } from './visibility.ts';

const clear = { brightness: 120, structure: 60, noise: 1 };
const dark = { brightness: 10, structure: 2, noise: 2 };
const covered = { brightness: 90, structure: 1, noise: 2 };

/** A frame every two seconds: what is reported after each. */
function reported(qualities: readonly (typeof clear)[]): (string | undefined)[] {
  let state: Visibility | undefined;
  return qualities.map((quality, index) => {
    state = observeVisibility(state, quality, index * 2000);
    return state.poor?.cause;
  });
}

const times = (count: number, quality: typeof clear) => Array.from({ length: count }, () => quality);

test.each([
  ['dark', dark],
  ['covered', covered],
])('a frame that is %s for a minute is reported, with the time at which it began', (cause, quality) => {
  const seen = reported([...times(5, clear), ...times(31, quality)]);
  expect(seen.slice(0, 35)).toEqual(times(35, clear).map(() => undefined));
  expect(seen[35]).toBe(cause);
  let state: Visibility | undefined;
  for (let at = 0; at <= 70_000; at += 2000) {
    state = observeVisibility(state, at < 10_000 ? clear : quality, at);
  }
  expect(state?.poor).toEqual({ cause, sinceMs: 10_000 });
});

test('a light that is off for less than a minute is not reported', () => {
  expect(reported([clear, ...times(29, dark), clear, ...times(29, dark)])).not.toContain('dark');
});

test('it can be seen again when it was clear for five seconds, not for one frame', () => {
  const seen = reported([...times(40, covered), clear, covered, ...times(5, clear)]);
  expect(seen.slice(40)).toEqual(['covered', 'covered', 'covered', 'covered', 'covered', undefined, undefined]);
});

test('a lens that is covered in the dark keeps its first cause', () => {
  expect(reported([...times(40, dark), ...times(40, covered)]).at(-1)).toBe('dark');
});
