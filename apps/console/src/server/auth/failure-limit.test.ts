import { FakeClock } from '@vigilia/testing';
import { FailureLimit } from './failure-limit.ts';

describe('failed sign-ins of an account', () => {
  it('close it for a while, whoever tries, and no other one', async () => {
    const clock = new FakeClock();
    const limit = new FailureLimit({ clock, max: 3, windowMs: 60_000 });
    for (const _ of [1, 2]) limit.failed('ana');
    expect(limit.blocked('ana')).toBe(false);
    limit.failed('ana');
    expect([limit.blocked('ana'), limit.blocked('tom')]).toEqual([true, false]);
    await clock.advance(60_001);
    expect(limit.blocked('ana')).toBe(false);
  });

  it('are forgotten by a sign-in, and of countless names the oldest are', () => {
    const limit = new FailureLimit({ clock: new FakeClock(), max: 1, windowMs: 60_000 });
    limit.failed('ana');
    limit.succeeded('ana');
    expect(limit.blocked('ana')).toBe(false);
    for (let n = 0; n <= 2000; n++) limit.failed(`name-${n}`);
    expect([limit.blocked('name-0'), limit.blocked('name-1')]).toEqual([false, true]);
  });
});
