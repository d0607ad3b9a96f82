import { apply, playedHouse as house, never, settle } from '../test-support/played-house.ts';

describe('the gap', () => {
  it('is from the last result before the switch to the first after it', async () => {
    const one = await house([0]);
    one.parts.monitor(0).result();
    await one.clock.advance(700);
    const work = one.reconciler.apply(one.next(['set_fps', { max_fps: 0.25 }]), { signal: never });
    await one.clock.advance(150);
    one.parts.monitor(0).result();
    const result = await settle(work, one.clock);
    expect(result).toMatchObject({ changed: true, gap_ms: { 0: 850 } });
  });

  it('is null without a result within five seconds, and published when one comes, as part of the trace of its command', async () => {
    const one = await house([0]);
    one.parts.monitor(0).result();
    const result = await settle(
      one.reconciler.apply(one.next(['set_fps', { max_fps: 0.25 }]), { signal: never, traceId: 'trace-1' }),
      one.clock,
    );
    expect(result.gap_ms).toEqual({ 0: null });
    await one.clock.advance(7000);
    one.parts.monitor(0).result();
    await one.clock.advance(1);
    expect(one.late).toHaveLength(1);
    expect(one.late[0]).toMatchObject({ sourceId: 0, traceId: 'trace-1' });
    expect(one.late[0]?.gapMs).toBeGreaterThanOrEqual(12_000);
  });

  it('is published for the rooms that were switched and no others, and not waited for while paused', async () => {
    const one = await house([0, 1]);
    const { gap_ms: gaps } = await apply(one, one.next(['set_fps', { max_fps: 0.3, source_id: 1 }]));
    expect(Object.keys(gaps)).toEqual(['1']);
    one.reconciler.pause();
    const before = one.clock.monotonic();
    const work = one.reconciler.apply(one.next(['set_fps', { max_fps: 0.2, source_id: 1 }]), { signal: never });
    await one.clock.advance(10);
    expect((await work).gap_ms).toEqual({ 1: null });
    expect(one.clock.monotonic() - before).toBeLessThan(1000);
  });

  it('nothing is different: nothing is switched', async () => {
    const one = await house([0]);
    const result = await apply(one, one.next(['set_fps', { max_fps: 0.5 }]));
    expect(result).toMatchObject({ changed: false, gap_ms: {} });
    expect(one.parts.monitor(0).switches).toEqual([]);
  });
});

describe('decoding chosen anew', () => {
  it('when keyframes turn out to be too sparse for the rate, for that room alone', async () => {
    const one = await house([0, 1]);
    expect(one.reconciler.needsRetune()).toBe(false);
    one.parts.stream(1).intervalMs = 8000;
    expect(one.reconciler.needsRetune()).toBe(true);
    await apply(one, one.reconciler.config, { retune: true });
    expect([one.parts.stream(0).spec.decode, one.parts.stream(1).spec.decode]).toEqual(['keyframes', 'full']);
    expect(one.reconciler.needsRetune()).toBe(false);
  });

  it('not by a command that names another room', async () => {
    const one = await house([0, 1]);
    one.parts.stream(1).intervalMs = 8000;
    await apply(one, one.next(['set_confidence', { confidence: 0.5, source_id: 0 }]));
    expect(one.parts.stream(1).spec.decode).toBe('keyframes');
  });

  it('with a rate that keyframes cannot give, beside the old', async () => {
    const one = await house([0]);
    await apply(one, one.next(['set_fps', { max_fps: 2 }]));
    expect(one.parts.stream(0).spec.decode).toBe('full');
    expect(one.parts.monitor(0).switches).toEqual([['settings', 'stream']]);
  });
});
