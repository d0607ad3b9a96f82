import { UsualTime } from './usual-time.ts';

test('what is usual follows what was measured, and one hang does not make the worker wait for long', () => {
  const usual = new UsualTime();
  expect(usual.ms).toBeUndefined();
  usual.took(100);
  expect(usual.ms).toBe(100);
  usual.took(60_000);
  expect(usual.ms).toBeLessThan(150);
  for (let run = 0; run < 10; run++) {
    usual.took(40);
  }
  expect(usual.ms).toBeGreaterThan(39);
  expect(usual.ms).toBeLessThan(45);
});
