import { FakeClock } from '@vigilia/testing';
import { TimeLimitError, within } from './within.ts';

const never = new Promise<never>(() => {});

test('work that finishes in time gives its result, and leaves no timer behind', async () => {
  const clock = new FakeClock();
  {
    using limit = within(1000, undefined, { clock });
    expect(await limit.race(Promise.resolve('done'))).toBe('done');
    await expect(limit.race(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(clock.pending).toBe(1);
  }
  expect(clock.pending).toBe(0);
});

test('work that hangs is given up exactly at its limit, with an error that states the limit', async () => {
  const clock = new FakeClock();
  using limit = within(1000, undefined, { clock });
  let error: unknown;
  const raced = limit.race(never).catch((reason: unknown) => {
    error = reason;
  });
  await clock.advance(999);
  expect([error, limit.passed]).toEqual([undefined, false]);
  await clock.advance(1);
  await raced;
  expect(error).toBeInstanceOf(TimeLimitError);
  expect(error).toMatchObject({ code: 'timeout', message: 'It took longer than 1000 ms.' });
  expect([limit.passed, limit.signal.reason]).toEqual([true, error]);
});

test('the caller chooses the error of a limit, and work that takes the signal fails with it', async () => {
  const clock = new FakeClock();
  const late = new Error('No answer within 1 s.');
  using limit = within(1000, undefined, { clock, error: () => late });
  const sleeping = clock.sleep(5000, limit.signal).catch((reason: unknown) => reason);
  await clock.advance(1000);
  expect(await sleeping).toBe(late);
});

test('an outer signal ends the work earlier and with its own reason, also when it aborted before', async () => {
  const clock = new FakeClock();
  const outer = new AbortController();
  using limit = within(1000, outer.signal, { clock });
  const raced = limit.race(never).catch((reason: unknown) => reason);
  const stopped = new Error('stopped');
  outer.abort(stopped);
  expect(await raced).toBe(stopped);
  await clock.advance(1000);
  expect(limit.passed).toBe(false);
  using second = within(1000, outer.signal, { clock });
  expect([second.signal.aborted, second.signal.reason]).toEqual([true, stopped]);
});

test('waiting for work that need not finish resolves at the limit, and passes an earlier failure on', async () => {
  const clock = new FakeClock();
  using limit = within(1000, undefined, { clock });
  expect(await limit.waitFor(Promise.resolve('done'))).toBe('done');
  await expect(limit.waitFor(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  const waited = limit.waitFor(never);
  await clock.advance(1000);
  expect(await waited).toBeUndefined();
});

test('a limit that was disposed of never aborts its signal', async () => {
  const clock = new FakeClock();
  const outer = new AbortController();
  const limit = within(1000, outer.signal, { clock });
  limit[Symbol.dispose]();
  await clock.advance(5000);
  outer.abort();
  expect([limit.signal.aborted, limit.passed]).toEqual([false, false]);
});
