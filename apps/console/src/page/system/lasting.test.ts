import { isLasting, type Spell, withChange } from './lasting.ts';

/** Spells that begin every `everyMs` and last `wrongMs`, and the moment at which the last one ends. */
function flapping(count: number, wrongMs: number, everyMs: number): { spells: readonly Spell[]; endMs: number } {
  let spells: readonly Spell[] = [];
  for (let n = 0; n < count; n += 1) {
    spells = withChange(spells, true, n * everyMs);
    spells = withChange(spells, false, n * everyMs + wrongMs);
  }
  return { spells, endMs: (count - 1) * everyMs + wrongMs };
}

describe('a loss', () => {
  it('sounds after ten seconds without a break, and ends at once', () => {
    const lost = withChange([], true, 0);
    expect(isLasting(lost, 9999)).toBe(false);
    expect(isLasting(lost, 10_000)).toBe(true);
    expect(isLasting(withChange(lost, false, 30_000), 30_000)).toBe(false);
  });

  it('that comes and goes sounds when it took 15 seconds of the last minute, and ends after five good seconds', () => {
    const { spells, endMs } = flapping(2, 8000, 9000);
    expect(isLasting(spells, endMs)).toBe(true);
    expect(isLasting(spells, endMs + 4999)).toBe(true);
    expect(isLasting(spells, endMs + 5000)).toBe(false);
  });

  it('that is short and rare does not sound', () => {
    const { spells, endMs } = flapping(20, 2000, 20_000);
    expect(isLasting(spells, endMs)).toBe(false);
    expect(spells.length).toBeLessThan(5);
  });
});
