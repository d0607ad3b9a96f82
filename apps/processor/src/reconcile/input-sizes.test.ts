import type { RoomState } from '@vigilia/protocol';
import { apply, defaults, playedHouse as house } from '../test-support/played-house.ts';

const free = { ...defaults, modelId: 'free' };
const vga = { width: 640, height: 480 };
type House = Awaited<ReturnType<typeof house>>;

const sizeOf = (one: House, sourceId: number): number[] => {
  const { width, height } = one.parts.stream(sourceId).spec;
  return [width, height];
};
const retune = (one: House) => apply(one, one.reconciler.config, { retune: true });

describe('the frames of a model whose input follows the camera', () => {
  it('begin with the aspect of most cameras', async () => {
    const one = await house([0], free);
    expect(sizeOf(one, 0)).toEqual([352, 192]);
    expect(one.reconciler.needsRetune()).toBe(false);
  });

  it('take the aspect of a camera that shows another, without a gap and for that room alone', async () => {
    const one = await house([0, 1], free);
    one.parts.stream(1).show(vga);
    expect(one.reconciler.needsRetune()).toBe(true);
    const before = one.parts.stream(0);
    await retune(one);
    expect(sizeOf(one, 1)).toEqual([288, 224]);
    expect(one.parts.stream(0)).toBe(before);
    expect(one.parts.monitor(1).switches.at(-1)).toContain('stream');
    one.parts.stream(1).show(vga);
    expect(one.reconciler.needsRetune()).toBe(false);
  });

  it('are larger where standing people are small, and stay so', async () => {
    const one = await house([0], free);
    one.parts.monitor(0).standingHeight = 0.2; // 38 pixels of 192
    await retune(one);
    expect(sizeOf(one, 0)).toEqual([704, 384]);
    one.parts.monitor(0).standingHeight = 0.32; // just above the limit: no reason to go back
    expect(one.reconciler.needsRetune()).toBe(false);
  });

  it('are of the right size at once where the room was monitored before', async () => {
    const left = { reference_height: 0.2 } as RoomState;
    const one = await house([0], free, new Map([[0, left]]));
    expect(sizeOf(one, 0)).toEqual([704, 384]);
  });

  it('do not change by a command that names another room', async () => {
    const one = await house([0, 1], free);
    one.parts.stream(1).show(vga);
    await apply(one, one.next(['set_confidence', { confidence: 0.5, source_id: 0 }]));
    expect(sizeOf(one, 1)).toEqual([352, 192]);
  });

  it('take the known aspect at once when the room gets such a model', async () => {
    const one = await house([0]);
    one.parts.stream(0).show(vga);
    await apply(one, one.next(['change_model', { model_id: 'free' }]));
    expect(sizeOf(one, 0)).toEqual([288, 224]);
    await apply(one, one.next(['change_model', { model_id: 'large' }]));
    expect(sizeOf(one, 0)).toEqual([640, 640]);
  });

  it('forget what the camera showed when its picture is turned, and follow the turned one', async () => {
    const one = await house([0], free);
    one.parts.stream(0).show(vga);
    one.parts.monitor(0).standingHeight = 0.2;
    await retune(one);
    one.parts.monitor(0).standingHeight = undefined;
    await apply(one, one.next(['set_camera', { source_id: 0, rotate: 90 }]));
    expect(sizeOf(one, 0)).toEqual([352, 192]);
    one.parts.stream(0).show({ width: 480, height: 640 });
    await retune(one);
    expect(sizeOf(one, 0)).toEqual([224, 288]);
  });

  it('forget the camera when the room gets another one', async () => {
    const one = await house([0], free);
    one.parts.stream(0).show(vga);
    await retune(one);
    await apply(
      one,
      one.next(['remove_stream', { source_id: 0 }], ['add_stream', { source_id: 0, uri: 'rtsp://other' }]),
    );
    expect(sizeOf(one, 0)).toEqual([352, 192]);
  });
});

it('a model with a fixed input gets frames of that size, whatever the camera shows', async () => {
  const one = await house([0]);
  one.parts.stream(0).show(vga);
  one.parts.monitor(0).standingHeight = 0.1;
  expect(one.reconciler.needsRetune()).toBe(false);
  expect(sizeOf(one, 0)).toEqual([320, 320]);
});
