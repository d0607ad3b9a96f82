import { carryStill } from './still-person.ts';

const box = { x1: 0.4, y1: 0.7, x2: 0.9, y2: 0.9 };
const look = (atMs: number, change: Partial<typeof box> = {}, beforeMs = atMs - 1000) => ({
  box: { ...box, ...change },
  scale: 0.5,
  atMs,
  beforeMs,
});

describe('a person has been still', () => {
  const still = carryStill(undefined, look(1000));

  test('since the first look, through the noise of a detector', () => {
    expect(still.sinceMs).toBe(1000);
    expect(carryStill(still, look(2000, { x1: 0.42, y2: 0.88 })).sinceMs).toBe(1000);
  });

  test('only since an edge of their box moved: one who props themselves up moves one edge', () => {
    expect(carryStill(still, look(2000, { y1: 0.62 })).sinceMs).toBe(2000);
  });

  test('not since before they crept away slowly: movement counts from where they lay first', () => {
    let crept = still;
    for (const step of [1, 2, 3, 4]) {
      crept = carryStill(crept, look(1000 + 1000 * step, { x2: 0.9 + 0.025 * step }));
    }
    expect(crept.sinceMs).toBeGreaterThan(1000);
  });

  test('not through a time in which nothing was seen of them', () => {
    expect(carryStill(still, look(9000, {}, 1000)).sinceMs).toBe(9000);
  });
});
