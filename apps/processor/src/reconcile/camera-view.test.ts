import { apply, failure, never, playedHouse, settle } from '../test-support/played-house.ts';
import { defaultLimits } from './limits.ts';

describe('how the picture of a room is corrected', () => {
  it('a correction opens the camera anew beside the old stream, and the room is switched to it', async () => {
    const one = await playedHouse([0, 1]);
    const before = one.parts.streams.length;
    await apply(one, one.next(['set_camera', { source_id: 1, aspect: '16:9', rotate: 90 }]));
    expect(one.parts.streams).toHaveLength(before + 1);
    expect(one.parts.stream(1).spec.view).toEqual({ aspect: 16 / 9, rotate: 90 });
    expect(one.parts.monitor(1).stream).toBe(one.parts.stream(1));
  });

  it('comes with a room from its last watcher, and gives way to what is configured here', async () => {
    const one = await playedHouse([0]);
    const camera_view = { aspect: 1.5, rotate: 270 as const };
    const fall = { state: 'none' as const };
    one.restored.set(5, { source_id: 5, watcher: 'other', since: '2026-01-01T00:00:00Z', fall, camera_view });
    await apply(one, one.next(['add_stream', { source_id: 5 }]));
    expect(one.parts.stream(5).spec.view).toEqual({ aspect: 1.5, rotate: 270 });
    await apply(one, one.next(['set_camera', { source_id: 5, rotate: 0 }]));
    expect(one.parts.stream(5).spec.view).toEqual({ aspect: 1.5, rotate: 0 });
  });

  it('an aspect that is taken back does not return with what this processor itself retained of the room', async () => {
    const one = await playedHouse([1]);
    await apply(one, one.next(['set_camera', { source_id: 1, aspect: '4:3' }]));
    const fall = { state: 'none' as const };
    const camera_view = { aspect: 4 / 3, rotate: 0 as const };
    one.restored.set(1, { source_id: 1, watcher: 'own', since: '2026-01-01T00:00:00Z', fall, camera_view });
    await apply(one, one.next(['set_camera', { source_id: 1, aspect: null }]));
    expect(one.parts.stream(1).spec.view).toEqual({ aspect: undefined, rotate: 0 });
  });
});

describe('a camera with a long group of pictures', () => {
  it('is waited for while it sends, beyond the usual limit, and refused when that was in vain', async () => {
    const one = await playedHouse([0]);
    one.dark.add(3);
    const next = one.next(['add_stream', { source_id: 3 }]);
    const seen = one.reconciler.apply(next, { signal: never });
    await one.clock.advance(100);
    one.parts.stream(3).sends = true;
    await one.clock.advance(30_000);
    one.parts.stream(3).show();
    await one.clock.advance(100);
    expect(one.reconciler.config).toBe(next);
    one.parts.monitor(3).result();
    await settle(seen, one.clock);
  });

  it('one that sends nothing is refused at the usual limit', async () => {
    const one = await playedHouse([0]);
    one.dark.add(3);
    const work = one.reconciler.apply(one.next(['add_stream', { source_id: 3 }]), { signal: never });
    expect(await failure(settle(work, one.clock))).toMatchObject({ code: 'stream_unreachable' });
    expect(one.clock.monotonic()).toBeLessThan(defaultLimits.streamMs + 10_000);
  });
});
