import type { RoomState } from '@vigilia/protocol';
import { apply, playedHouse as house, never, settle } from '../test-support/played-house.ts';

describe('start', () => {
  it('watches at once, also rooms whose camera does not answer', async () => {
    const one = await house([0, 1]);
    one.dark.add(2);
    expect(one.reconciler.monitors.map((monitor) => monitor.sourceId)).toEqual([0, 1]);
    const blind = await house([]);
    blind.dark.add(0);
    await apply(blind, blind.next(['add_stream', { source_id: 0 }]), { allowBlind: [0] });
    expect(blind.reconciler.monitors[0]?.stream.blind()?.cause).toBe('starting');
  });

  it('loads one host for all rooms of a model, and the default one when there is no room', async () => {
    expect((await house([0, 1, 2])).parts.models.map((model) => model.modelId)).toEqual(['small']);
    expect((await house([])).parts.models.map((model) => model.modelId)).toEqual(['small']);
  });

  it('goes on where the last watcher of a room stopped, with the zones that travelled', async () => {
    const one = await house([]);
    const zones = [
      {
        kind: 'bed' as const,
        points: [[0, 0] as [number, number], [1, 0] as [number, number], [1, 1] as [number, number]],
      },
    ];
    const state: RoomState = {
      source_id: 4,
      watcher: 'other',
      since: '2026-01-01T00:00:00.000Z',
      zones,
      fall: { state: 'down' },
    };
    one.restored.set(4, state);
    await apply(one, one.next(['add_stream', { source_id: 4 }]));
    expect(one.parts.monitor(4).restored).toEqual(state);
    expect(one.parts.monitor(4).settings.zones).toEqual(zones);
    // another setting does not lose them
    await apply(one, one.next(['set_confidence', { confidence: 0.5, source_id: 4 }]));
    expect(one.parts.monitor(4).settings).toMatchObject({ zones, confidence: 0.5 });
  });
});

describe('prepare, switch, retire', () => {
  it('touches no room that the command does not name', async () => {
    const one = await house([0, 1]);
    await apply(one, one.next(['restart', { source_id: 1 }]));
    expect(one.parts.monitor(0).switches).toEqual([]);
    expect(one.parts.monitor(0).due).toBe(0);
    expect(one.parts.streams.filter((stream) => stream.spec.sourceId === 0)).toHaveLength(1);
    expect(one.parts.monitor(1).switches).toEqual([['stream']]);
    expect(one.parts.models).toHaveLength(1);
  });

  it('set_fps, set_confidence, enable_tracking and set_zones prepare nothing', async () => {
    const one = await house([0]);
    const next = one.next(
      ['set_fps', { max_fps: 0.25 }],
      ['set_confidence', { confidence: 0.5 }],
      ['enable_tracking', { enabled: false }],
      ['set_zones', { source_id: 0, zones: [] }],
    );
    await apply(one, next);
    expect(one.parts.streams).toHaveLength(1);
    expect(one.parts.models).toHaveLength(1);
    const { settings, switches, due } = one.parts.monitor(0);
    expect(settings).toEqual({ maxFps: 0.25, confidence: 0.5, tracking: false, zones: [] });
    expect([switches, due]).toEqual([[['settings']], 1]);
  });

  it('keeps the camera when the new model has the same input size, opens it anew when it has another', async () => {
    const one = await house([0]);
    await apply(one, one.next(['change_model', { model_id: 'same' }]));
    expect(one.parts.monitor(0).switches).toEqual([['model']]);
    expect(one.parts.streams).toHaveLength(1);
    await apply(one, one.next(['change_model', { model_id: 'large' }]));
    expect(one.parts.monitor(0).switches.at(-1)).toEqual(['model', 'stream']);
    expect(one.parts.stream(0).spec).toMatchObject({ width: 640, height: 640 });
  });

  it('ends the old parts after the switch, not before', async () => {
    const one = await house([0]);
    const [stream, model] = [one.parts.stream(0), one.parts.models[0]];
    one.dark.add(0);
    const work = one.reconciler.apply(one.next(['change_model', { model_id: 'large' }]), { signal: never });
    await one.clock.advance(100);
    expect([stream.stopped, model?.stopped]).toEqual([false, false]);
    expect(one.parts.monitor(0).switches).toEqual([]);
    one.parts.stream(0).show();
    await one.clock.advance(100);
    one.parts.monitor(0).result();
    await settle(work, one.clock);
    expect([stream.stopped, model?.stopped]).toEqual([true, true]);
  });

  it('loads two models at once for different rooms, and ends one when its last room leaves it', async () => {
    const one = await house([0, 1]);
    await apply(one, one.next(['change_model', { model_id: 'same', source_id: 1 }]));
    expect(one.reconciler.models.map((model) => model.modelId).sort()).toEqual(['same', 'small']);
    await apply(one, one.next(['remove_stream', { source_id: 1 }]));
    expect(one.reconciler.models.map((model) => model.modelId)).toEqual(['small']);
    expect(one.parts.models.find((model) => model.modelId === 'same')?.stopped).toBe(true);
  });

  it('restart of everything gives new cameras and new hosts', async () => {
    const one = await house([0]);
    const [stream, model] = [one.parts.stream(0), one.parts.models[0]];
    await apply(one, one.next(['restart']));
    expect([stream.stopped, model?.stopped]).toEqual([true, true]);
    expect(one.parts.models).toHaveLength(2);
  });

  it('lets a removed room go: watch and camera end, the model stays for the next room', async () => {
    const one = await house([0]);
    await apply(one, one.next(['remove_stream', { source_id: 0 }]));
    expect(one.parts.monitor(0).stopped).toBe(true);
    expect(one.parts.stream(0).stopped).toBe(true);
    expect(one.reconciler.models.map((model) => model.modelId)).toEqual(['small']);
    expect(one.switched.at(-1)).toEqual({ added: [], removed: [0] });
  });
});

describe('pause', () => {
  it('keeps cameras and models, and new rooms wait too', async () => {
    const one = await house([0]);
    one.reconciler.pause();
    await apply(one, one.next(['add_stream', { source_id: 8 }]));
    expect([one.parts.monitor(0).paused, one.parts.monitor(8).paused]).toEqual([true, true]);
    expect(one.parts.streams.some((stream) => stream.stopped)).toBe(false);
    one.reconciler.resume();
    expect([one.parts.monitor(0).paused, one.parts.monitor(8).paused]).toEqual([false, false]);
  });
});

it('two stops at the same time end every stream, model and monitor once', async () => {
  const one = await house([0, 1]);
  await Promise.all([one.reconciler.stop(), one.reconciler.stop()]);
  const parts = [...one.parts.streams, ...one.parts.models, ...one.parts.monitors];
  expect(parts.every((part) => part.stopped)).toBe(true);
});
