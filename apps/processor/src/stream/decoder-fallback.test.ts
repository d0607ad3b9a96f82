import { captureLogger } from '@vigilia/testing';
import { withDecoder } from './decoder-fallback.ts';
import type { StreamProcess, StreamProcessEvents } from './restarting-process.ts';
import type { StreamSpec } from './stream-spec.ts';

const onHardware = ['-hwaccel', 'vaapi'];
const nothing: StreamProcessEvents = {
  onFrame: () => {},
  onPacket: () => {},
  onEnd: () => {},
  wantsKeyframe: () => true,
  onUnwantedKeyframe: () => {},
  onKeyframesFail: () => {},
};
const info = {} as Parameters<StreamProcessEvents['onFrame']>[1];
const trouble = { cause: 'unreachable', detail: 'no device', final: false } as const;

function camera(inputArgs: readonly string[] = []) {
  const { logger, lines } = captureLogger();
  const opened: { args: readonly string[]; events: StreamProcessEvents }[] = [];
  const open = withDecoder({
    preset: 'vaapi',
    logger,
    open: (spec, events) => {
      opened.push({ args: spec.inputArgs, events });
      return Promise.resolve({
        opened: true,
        pid: 1,
        errors: () => [],
        stop: () => Promise.resolve(),
      } as StreamProcess);
    },
  });
  const spec = { sourceId: 2, address: 'rtsp://camera/2', inputArgs } as unknown as StreamSpec;
  /** Opens the camera, lets it give a frame or not, and ends it in this way. */
  const run = async (givesFrame: boolean, end: 'by itself' | 'reconnect' | 'leave' = 'by itself') => {
    const process = await open(spec, nothing);
    const { args, events } = opened.at(-1) ?? { args: [], events: nothing };
    if (givesFrame) {
      events.onFrame(Buffer.alloc(0), info);
    }
    await (end === 'by itself' ? events.onEnd(trouble) : process.stop(end));
    return args;
  };
  return { run, logged: () => lines.filter(({ event }) => event === 'decoder_left').length };
}

test.each(['by itself', 'reconnect'] as const)(
  'a decoder that gives no frame of a camera of which the CPU gives one is left, once (ended %s)',
  async (end) => {
    const { run, logged } = camera();
    expect(await run(false, end)).toEqual(onHardware);
    expect(await run(true)).toEqual([]);
    expect(await run(false)).toEqual([]);
    expect(await run(true)).toEqual([]);
    expect(logged()).toBe(1);
  },
);

test('a camera of which the CPU gives no frame either is at fault itself: the decoder is tried again', async () => {
  const { run, logged } = camera();
  expect(await run(false)).toEqual(onHardware);
  expect(await run(false)).toEqual([]);
  expect(await run(true)).toEqual(onHardware);
  expect(await run(true)).toEqual(onHardware);
  expect(logged()).toBe(0);
});

test('a decoder that worked and gives nothing any more is left, too', async () => {
  const { run, logged } = camera();
  await run(true);
  await run(false, 'reconnect');
  expect(await run(true)).toEqual([]);
  expect(logged()).toBe(1);
});

test('a process that is not needed any more proves nothing', async () => {
  const { run } = camera();
  await run(false, 'leave');
  expect(await run(true)).toEqual(onHardware);
});

test('a room whose own arguments name a decoder is opened as it is', async () => {
  const { run } = camera(['-hwaccel', 'none']);
  expect(await run(false)).toEqual(['-hwaccel', 'none']);
  expect(await run(false)).toEqual(['-hwaccel', 'none']);
});
