import { at, startMs } from '../test-support/samples.ts';
import { type AlertCase, hasLaterFall } from './alert-case.ts';

const fall = (key: string, change: Partial<AlertCase> = {}): AlertCase => ({
  key,
  kind: 'fall',
  openedMs: startMs,
  happenedAt: at(0),
  sourceId: 2,
  ...change,
});
const over = fall('a', { closed: { at: at(1), ms: startMs + 1 } });

test.each<[string, AlertCase[], boolean]>([
  ['by another fall of the room that is open', [over, fall('b')], true],
  ['by a fall that is over too', [over, { ...over, key: 'b' }], false],
  ['by a fall in another room', [over, fall('b', { sourceId: 3 })], false],
  ['by a drill of the room', [over, fall('b', { kind: 'drill' })], false],
])('a fall that is over is followed %s: %#', (_, cases, followed) => {
  expect(hasLaterFall(cases, over)).toBe(followed);
});
