import type { CommandError } from '@vigilia/protocol';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { apply, failure, type House, playedHouse as house, never, settle } from '../test-support/played-house.ts';
import { defaultLimits } from './limits.ts';

describe('a change that fails leaves every room as it was', () => {
  async function unchanged(one: House, work: Promise<unknown>): Promise<CommandError> {
    const before = one.reconciler.config;
    const error = await failure(settle(work, one.clock));
    expect(one.reconciler.config).toBe(before);
    for (const monitor of one.parts.monitors) {
      expect([monitor.switches, monitor.stopped]).toEqual([[], false]);
    }
    expect(one.parts.stream(0) === one.reconciler.monitors[0]?.stream || one.parts.stream(0).stopped).toBe(true);
    return error;
  }

  it('where the model is missing', async () => {
    const one = await house([0]);
    const work = one.reconciler.apply(one.next(['change_model', { model_id: 'none' }]), { signal: never });
    expect(await unchanged(one, work)).toMatchObject({ code: 'model_not_found' });
  });

  it('a model that finds no person in the picture of one, also for a room beside one that it was forced on', async () => {
    const one = await house([0, 1]);
    const mustFindPerson = ['empty-model'];
    const refused = one.reconciler.apply(one.next(['change_model', { model_id: 'empty-model' }]), {
      signal: never,
      mustFindPerson,
    });
    expect(await unchanged(one, refused)).toMatchObject({
      code: 'model_invalid',
      field: 'model_id',
      message: expect.stringMatching(/finds no person.*"force": true/),
    });
    expect(one.parts.models.find((model) => model.modelId === 'empty-model')?.stopped).toBe(true);
    await apply(one, one.next(['change_model', { model_id: 'empty-model', source_id: 0, force: true }]));
    const second = one.next(['change_model', { model_id: 'empty-model', source_id: 1 }]);
    const again = await failure(settle(one.reconciler.apply(second, { signal: never, mustFindPerson }), one.clock));
    expect(again).toMatchObject({ code: 'model_invalid' });
    expect(one.reconciler.config.rooms.map((room) => room.modelId)).toEqual(['empty-model', 'small']);
  });

  it('where the model never loads', async () => {
    const one = await house([0]);
    const work = one.reconciler.apply(one.next(['change_model', { model_id: 'stuck' }]), { signal: never });
    expect(await unchanged(one, work)).toMatchObject({ code: 'timeout', field: 'model_id' });
    expect(one.clock.monotonic()).toBeGreaterThanOrEqual(defaultLimits.modelMs);
  });

  it('a camera that shows nothing; the model that was ready by then is ended', async () => {
    const one = await house([0, 1]);
    one.dark.add(1);
    const work = one.reconciler.apply(one.next(['change_model', { model_id: 'large' }]), { signal: never });
    const error = await unchanged(one, work);
    expect(error).toMatchObject({ code: 'stream_unreachable' });
    expect(error.message).toContain('Stream 1 gave no picture within 14 s');
    expect(one.parts.models.find((model) => model.modelId === 'large')?.stopped).toBe(true);
    expect(one.parts.streams.slice(2).every((stream) => stream.stopped)).toBe(true);
  });

  it('a configuration that cannot be kept', async () => {
    const one = await house([0]);
    one.failPersist = true;
    const work = one.reconciler.apply(one.next(['change_model', { model_id: 'large' }]), { signal: never });
    expect((await unchanged(one, work)).message).toBe('ENOSPC');
  });

  it('a processor that is stopped meanwhile', async () => {
    const one = await house([0]);
    const stop = new AbortController();
    const work = one.reconciler.apply(one.next(['change_model', { model_id: 'stuck' }]), { signal: stop.signal });
    await one.clock.advance(100);
    stop.abort(new Error('stopping'));
    await unchanged(one, work);
  });
});

describe('rooms that were blind already', () => {
  it('veto nothing, are named, and heal when their camera is back', async () => {
    const one = await house([0, 1]);
    one.parts.stream(1).goBlind('silent');
    one.dark.add(1);
    const result = await apply(one, one.next(['restart']));
    expect(result).toMatchObject({ still_blind: [1], gap_ms: { 1: null } });
    expect(one.parts.monitor(1).switches).toEqual([['model', 'stream']]);
    one.dark.delete(1);
    expect(await apply(one, one.next(['restart', { source_id: 1 }]))).not.toHaveProperty('still_blind');
  });

  it('a new room must show a frame unless the command allows a blind start', async () => {
    const one = await house([0]);
    one.dark.add(8);
    const add: [string, object] = ['add_stream', { source_id: 8 }];
    expect(await failure(apply(one, one.next(add)))).toMatchObject({ code: 'stream_unreachable' });
    expect(await apply(one, one.next(add), { allowBlind: [8] })).toMatchObject({ still_blind: [8] });
  });
});

describe('cameras with a single session', () => {
  async function single(): Promise<House> {
    const one = await house([]);
    await apply(one, one.next(['add_stream', { source_id: 3, single_session: true }]));
    return one;
  }

  it('are closed before they are opened again', async () => {
    const one = await single();
    const old = one.parts.stream(3);
    let openedWhileOpen = false;
    const open = one.parts.openStream;
    Object.assign(one.parts, {
      openStream: (spec: StreamSpec) => {
        openedWhileOpen ||= !old.stopped;
        return open(spec);
      },
    });
    await apply(one, one.next(['restart', { source_id: 3 }]));
    expect([old.stopped, openedWhileOpen]).toEqual([true, false]);
    expect(one.reconciler.monitors[0]?.stream).toBe(one.parts.stream(3));
  });

  it('stay open while another rate or size is prepared, where that shares their session', async () => {
    const one = await single();
    const old = one.parts.stream(3);
    old.shared = true;
    let closedBefore = false;
    const open = one.parts.openStream;
    Object.assign(one.parts, {
      openStream: (spec: StreamSpec) => {
        closedBefore ||= old.stopped;
        return open(spec);
      },
    });
    await apply(one, one.next(['set_decode', { source_id: 3, mode: 'full' }]));
    expect([closedBefore, old.stopped]).toEqual([false, true]);
    expect(one.parts.stream(3)).not.toBe(old);
  });

  it('get their old address back when the new one shows nothing', async () => {
    const one = await single();
    const old = one.parts.stream(3);
    const next = one.next(['change_stream_uri', { source_id: 3, uri: 'rtsp://dark/3' }]);
    expect(await failure(apply(one, next))).toMatchObject({ code: 'stream_unreachable' });
    const now = one.parts.stream(3);
    expect([now.spec, now.started, now.stopped]).toEqual([old.spec, true, false]);
    expect(one.reconciler.monitors[0]?.stream).toBe(now);
  });
});
