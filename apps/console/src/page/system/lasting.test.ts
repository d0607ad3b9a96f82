import { type FaultInterval, isLasting, withChange } from './lasting.ts';

/** Spells that begin every `everyMs` and last `wrongMs`, and the moment at which the last one ends. */
function flapping(
  count: number,
  wrongMs: number,
  everyMs: number,
): { intervals: readonly FaultInterval[]; endMs: number } {
  let intervals: readonly FaultInterval[] = [];
  for (let n = 0; n < count; n += 1) {
    intervals = withChange(intervals, true, n * everyMs);
    intervals = withChange(intervals, false, n * everyMs + wrongMs);
  }
  return { intervals, endMs: (count - 1) * everyMs + wrongMs };
}

describe('a loss', () => {
  it('sounds after ten seconds without a break, and ends at once', () => {
    const lost = withChange([], true, 0);
    expect(isLasting(lost, 9999)).toBe(false);
    expect(isLasting(lost, 10_000)).toBe(true);
    expect(isLasting(withChange(lost, false, 30_000), 30_000)).toBe(false);
  });

  it('that comes and goes sounds when it took 15 seconds of the last minute, and ends after five good seconds', () => {
    const { intervals, endMs } = flapping(2, 8000, 9000);
    expect(isLasting(intervals, endMs)).toBe(true);
    expect(isLasting(intervals, endMs + 4999)).toBe(true);
    expect(isLasting(intervals, endMs + 5000)).toBe(false);
  });

  it('that is short and rare does not sound', () => {
    const { intervals, endMs } = flapping(20, 2000, 20_000);
    expect(isLasting(intervals, endMs)).toBe(false);
    expect(intervals.length).toBeLessThan(5);
  });
});
