import { FakeClock } from '@vigilia/testing';
import { FailureLimit } from './failure-limit.ts';

function limitOf(maxFromAddress: number, maxOfAccount: number) {
  const clock = new FakeClock();
  const limit = new FailureLimit({ clock, maxFromAddress, maxOfAccount, windowMs: 60_000 });
  return { clock, limit };
}

describe('failed sign-ins of an account', () => {
  it('close it for a while to the address that failed, and to no other', async () => {
    const { clock, limit } = limitOf(3, 100);
    for (const _ of [1, 2]) {
      limit.failed('ana', 'here');
    }
    expect(limit.blocked('ana', 'here')).toBe(false);
    limit.failed('ana', 'here');
    expect([limit.blocked('ana', 'here'), limit.blocked('tom', 'here')]).toEqual([true, false]);
    expect(limit.blocked('ana', 'there')).toBe(false);
    await clock.advance(60_001);
    expect(limit.blocked('ana', 'here')).toBe(false);
  });

  it('close it to all addresses when they come from many', () => {
    const { limit } = limitOf(3, 10);
    for (let n = 0; n < 10; n++) {
      limit.failed('ana', `address-${n}`);
    }
    expect([limit.blocked('ana', 'new'), limit.blocked('tom', 'new')]).toEqual([true, false]);
    limit.succeeded('ana', 'address-1');
    expect(limit.blocked('ana', 'new')).toBe(true);
  });

  it('are forgotten by a sign-in from there, and of countless names the oldest are', () => {
    const { limit } = limitOf(1, 100);
    limit.failed('ana', 'here');
    limit.succeeded('ana', 'here');
    expect(limit.blocked('ana', 'here')).toBe(false);
    for (let n = 0; n <= 2000; n++) {
      limit.failed(`name-${n}`, 'here');
    }
    expect([limit.blocked('name-0', 'here'), limit.blocked('name-1', 'here')]).toEqual([false, true]);
  });
});
