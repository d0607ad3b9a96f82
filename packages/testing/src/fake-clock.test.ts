import { FakeClock } from './fake-clock.ts';

test('runs what is due in order of time, and what that starts as well', async () => {
  const clock = new FakeClock();
  const log: string[] = [];
  clock.setTimeout(() => log.push(`b ${clock.monotonic()}`), 20);
  clock.setTimeout(() => {
    log.push(`a ${clock.monotonic()}`);
    clock.setTimeout(() => log.push(`c ${clock.monotonic()}`), 5);
  }, 10);
  clock.setTimeout(() => log.push('late'), 31);
  await clock.advance(30);
  expect(log).toEqual(['a 10', 'c 15', 'b 20']);
  expect([clock.monotonic(), clock.pending]).toEqual([30, 1]);
});

test('a loop that sleeps runs once for each period', async () => {
  const clock = new FakeClock();
  let rounds = 0;
  const abort = new AbortController();
  const loop = (async () => {
    for (;;) {
      await clock.sleep(100, abort.signal);
      rounds += 1;
    }
  })().catch(() => {});
  await clock.advance(1050);
  expect(rounds).toBe(10);
  abort.abort();
  await loop;
});

test('the wall clock can jump, the monotonic one cannot', async () => {
  const clock = new FakeClock(1000);
  clock.jumpWall(-500);
  await clock.advance(100);
  expect([clock.now(), clock.monotonic()]).toEqual([600, 100]);
});
