import { FakeClock } from '@vigilia/testing';
import { ResultLog } from './result-log.ts';

function log(intervalMs = 1000) {
  const clock = new FakeClock();
  const results = new ResultLog({ clock, intervalMs });
  const result = async (afterMs: number): Promise<void> => {
    await clock.advance(afterMs);
    results.add(clock.monotonic());
  };
  return { clock, results, result };
}

test('the rate is that of the last results', async () => {
  const { results, result } = log();
  expect(results.fps()).toBe(0);
  for (let i = 0; i < 10; i++) {
    await result(1000);
  }
  expect(results.fps()).toBeCloseTo(1);
  for (let i = 0; i < 6; i++) {
    await result(200);
  }
  expect(results.fps()).toBeCloseTo(5);
});

test('unwatched is what goes beyond one and a half intervals and a second', async () => {
  const { clock, results, result } = log();
  await result(2000);
  expect(results.unwatchedMs()).toBe(0);
  await result(4000);
  expect(results.unwatchedMs()).toBe(1500);
  await clock.advance(3000);
  expect(results.unwatchedMs()).toBe(2000);
});

test('after a change of rate the slower of the two may be expected until the next result', async () => {
  const { results, result } = log(10_000);
  await result(1000);
  results.setInterval(1000);
  await result(15_900);
  expect(results.unwatchedMs()).toBe(0);
  await result(15_900);
  expect(results.unwatchedMs()).toBe(13_400);
});

test('the first result after a moment, or undefined at the limit', async () => {
  const { clock, results, result } = log();
  await result(1000);
  const next = results.next(1000, 5000);
  await result(500);
  await expect(next).resolves.toBe(1500);
  await expect(results.next(1200, 5000)).resolves.toBe(1500);
  const none = results.next(1500, 5000);
  await clock.advance(5000);
  await expect(none).resolves.toBeUndefined();
  expect(clock.pending).toBe(0);
});
