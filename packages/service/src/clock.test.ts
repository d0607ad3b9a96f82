import { FakeClock } from '@vigilia/testing';
import { sleepOn, systemClock } from './clock.ts';

test('sleep ends with the signal, and its timer with it', async () => {
  const clock = new FakeClock();
  const abort = new AbortController();
  const sleeping = clock.sleep(1000, abort.signal);
  abort.abort(new Error('stop'));
  await expect(sleeping).rejects.toThrow('stop');
  expect(clock.pending).toBe(0);
  await expect(clock.sleep(1000, abort.signal)).rejects.toThrow('stop');
});

test('the system clock measures time, and its timers can be cancelled', async () => {
  const before = systemClock.monotonic();
  await sleepOn(systemClock, 20);
  expect(systemClock.monotonic() - before).toBeGreaterThanOrEqual(18);
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  let called = false;
  systemClock
    .setTimeout(() => {
      called = true;
    }, 5)
    .cancel();
  await systemClock.sleep(20);
  expect(called).toBe(false);
});
