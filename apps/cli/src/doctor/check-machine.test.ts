import { judgeClock } from './check-clock.ts';
import { checkMemory, judgeDisk } from './check-machine.ts';

describe('the findings of the doctor about the machine', () => {
  it.each([
    [4.9e9, 'warning'],
    [5e9, 'ok'],
  ])('%d bytes on the disk: %s', (bytes, result) => {
    expect(judgeDisk('/data', bytes)).toMatchObject({ result, figures: { free_gb: bytes / 1e9 } });
  });

  it.each([
    [undefined, 'skipped', 'no service of the site has published'],
    [1999, 'ok', 'within 2.0 s'],
    [-2000, 'ok', 'within 2.0 s'],
    [2500, 'warning', '2.5 s ahead of'],
    [-90_000, 'warning', '90.0 s behind'],
  ])('a clock that is %s ms off: %s', (skewMs, result, detail) => {
    expect(judgeClock(skewMs)).toMatchObject({ result, detail: expect.stringContaining(detail) });
  });

  it('state the memory in gigabytes', () => {
    expect(Number(checkMemory().figures?.total_gb)).toBeGreaterThan(0.1);
  });
});
