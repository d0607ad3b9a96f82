import { createBackoff } from '@vigilia/service';
import { captureLogger, FakeClock } from '@vigilia/testing';
import { usualSpec } from '../test-support/usual-spec.ts';
import type { StreamProcess, StreamProcessEvents } from './restarting-process.ts';
import { FfmpegRoomStream } from './room-stream.ts';
import type { StreamSpec } from './stream-spec.ts';

interface FakeProcess extends StreamProcess {
  stop: () => Promise<void>;
  readonly events: StreamProcessEvents;
  opened: boolean;
  stopped: boolean;
  lines: string[];
}

const picture = { width: 1920, height: 1080, sar: 1, key: true, codec: 'h264' };

/** A stream over processes that the test controls. */
function camera(changes: Partial<StreamSpec> = {}) {
  const clock = new FakeClock();
  const processes: FakeProcess[] = [];
  const { logger, lines } = captureLogger();
  const spec = usualSpec('rtsp://nurse:s3cret@cam/2', { width: 2, height: 1, ...changes });
  const open = async (_: StreamSpec, events: StreamProcessEvents): Promise<StreamProcess> => {
    const process: FakeProcess = {
      events,
      opened: false,
      stopped: false,
      lines: [],
      pid: 100 + processes.length,
      errors: () => process.lines,
      stop: async () => {
        process.stopped = true;
      },
    };
    processes.push(process);
    return process;
  };
  const backoff = createBackoff({ minMs: 1000, maxMs: 30_000, jitter: 0 });
  const stream = new FfmpegRoomStream({ spec, clock, logger, open, backoff });
  const changesOfSight: (string | undefined)[] = [];
  let frames = 0;
  stream.listen({ frame: () => frames++, blindness: () => changesOfSight.push(stream.blind()?.cause) });
  const last = (): FakeProcess => processes.at(-1) as FakeProcess;
  const show = (bytes: number): void => {
    last().opened = true;
    last().events.onFrame(Buffer.alloc(6, bytes), picture);
  };
  const run = async (): Promise<void> => {
    stream.start();
    await clock.advance(0);
  };
  /** Packets for this long, ten a second, none of them a keyframe. */
  const send = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 100) {
      await clock.advance(100);
      last().events.onPacket(false);
    }
    await clock.advance(0);
  };
  return { clock, stream, processes, last, show, send, run, lines, sight: changesOfSight, frames: () => frames };
}

test('a camera that answers is seen from its first picture on', async () => {
  const { stream, show, run, sight } = camera();
  await run();
  expect(stream.blind()?.cause).toBe('starting');
  show(1);
  expect(stream.blind()).toBeUndefined();
  expect(stream.newest()).toMatchObject({
    sourceId: 2,
    width: 2,
    height: 1,
    displayed: { width: 1920, height: 1080 },
    sequence: 1,
  });
  expect(sight).toEqual(['starting', undefined]);
});

test('a camera that never answers is unreachable after ten seconds and tried again', async () => {
  const { clock, stream, processes, run, lines } = camera();
  await run();
  await clock.advance(9_999);
  expect(stream.blind()?.cause).toBe('starting');
  await clock.advance(1);
  expect(stream.blind()).toMatchObject({ cause: 'unreachable', detail: expect.stringContaining('10 s') });
  expect(processes[0]?.stopped).toBe(true);
  await clock.advance(1000);
  expect(processes).toHaveLength(2);
  expect(lines.find((line) => line.event === 'stream_restarting')).toMatchObject({
    source_id: 2,
    cause: 'unreachable',
    wait_ms: 1000,
  });
});

test('silence is blindness after three key frame intervals, whatever the process reports about itself', async () => {
  const { clock, stream, show, run } = camera();
  await run();
  for (let i = 0; i < 4; i++) {
    show(i);
    await clock.advance(4000);
  }
  expect(stream.keyframeIntervalMs()).toBe(4000);
  await clock.advance(7_999);
  expect(stream.blind()).toBeUndefined();
  await clock.advance(1);
  expect(stream.blind()).toMatchObject({ cause: 'silent' });
});

test('sparse keyframes: the room is reported blind with the cause, and its ffmpeg is left alone while packets come', async () => {
  const { stream, processes, show, send, run } = camera({ mayDecodeAll: false });
  await run();
  show(1);
  await send(12_000);
  expect(stream.blind()).toMatchObject({ cause: 'no_keyframe', detail: 'the camera sends, but no keyframe for 10 s' });
  await send(60_000);
  expect(stream.blind()?.detail).toBe('the camera sends, but no keyframe for 70 s');
  expect(processes).toHaveLength(1);
  show(2);
  expect(stream.blind()).toBeUndefined();
  expect(stream.keyframeIntervalMs()).toBe(72_000);
});

test('a camera that sends without a keyframe is decoded fully at once, where that is allowed, and no fault is reported', async () => {
  const { stream, processes, send, run, sight, show } = camera();
  await run();
  await send(6700);
  expect(processes).toHaveLength(2);
  expect(processes[0]?.stopped).toBe(true);
  expect(stream.spec.decode).toBe('full');
  show(1);
  expect(sight).toEqual(['starting', undefined]);
});

test('a camera that sends for five minutes and gives no frame is opened anew', async () => {
  const { processes, send, run } = camera({ decode: 'full' });
  await run();
  await send(299_000);
  expect(processes).toHaveLength(1);
  await send(3000);
  expect(processes).toHaveLength(2);
});

test('a camera that closes every session after a while is opened again at once each time, and no pause grows', async () => {
  const { clock, processes, last, show, run, sight } = camera();
  await run();
  for (let session = 1; session <= 6; session++) {
    show(session);
    await clock.advance(9000);
    last().events.onEnd({ cause: 'ended', detail: 'the stream came to its end', final: false });
    await clock.advance(0);
    expect(processes).toHaveLength(session + 1);
  }
  expect(sight).toEqual(['starting', undefined]);
});

test('a camera that closes right after a frame is opened again after a second each time', async () => {
  const { clock, processes, last, show, run } = camera();
  await run();
  for (let session = 1; session <= 4; session++) {
    show(session);
    last().events.onEnd({ cause: 'ended', detail: 'the stream came to its end', final: false });
    await clock.advance(999);
    expect(processes).toHaveLength(session);
    await clock.advance(1);
    expect(processes).toHaveLength(session + 1);
  }
});

test('a new session is opened when the old one has ended: cameras with a single one would refuse it', async () => {
  const { clock, processes, last, show, run } = camera();
  await run();
  show(1);
  let gone = (): void => {};
  const ending = new Promise<void>((resolve) => {
    gone = resolve;
  });
  last().stop = () => ending;
  last().events.onEnd({ cause: 'ended', detail: 'x', final: false });
  await clock.advance(5000);
  expect(processes).toHaveLength(1);
  gone();
  await clock.advance(0);
  expect(processes).toHaveLength(2);
});

test('boxes refer to square pixels of the upright picture, whatever the camera encodes', async () => {
  const cif = { ...picture, width: 352, height: 288, sar: 16 / 11 };
  const { stream, last, run } = camera({ view: { aspect: undefined, rotate: 90 } });
  await run();
  last().events.onFrame(Buffer.alloc(6, 1), cif);
  expect(stream.newest()?.displayed).toEqual({ width: 288, height: 512 });
  expect(stream.encoded).toMatchObject({ width: 352, height: 288 });
});

test('ffmpeg killed under a room that sees: back within a second, and no blindness was reported', async () => {
  const { clock, stream, processes, last, show, run, sight } = camera();
  await run();
  show(1);
  last().events.onEnd({ cause: 'ended', detail: 'ffmpeg was ended by SIGKILL', final: false });
  expect(stream.blind()).toBeUndefined();
  await clock.advance(1000);
  expect(processes).toHaveLength(2);
  show(2);
  expect(sight).toEqual(['starting', undefined]);
});

test('a camera that does not come back is reported as blind with the reason, and tried more and more rarely', async () => {
  const { clock, stream, processes, show, run } = camera();
  await run();
  show(1);
  const waits: number[] = [];
  const refuse = (): void =>
    processes.at(-1)?.events.onEnd({ cause: 'unreachable', detail: 'connection refused', final: false });
  for (let i = 0; i < 7; i++) {
    refuse();
    const before = clock.monotonic();
    while (processes.length === i + 1) {
      await clock.advance(500);
    }
    waits.push(clock.monotonic() - before);
  }
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  expect(stream.blind()).toMatchObject({ cause: 'unreachable', detail: 'connection refused' });
});

test('blind since the last picture, not since it was noticed', async () => {
  const { clock, stream, show, run } = camera();
  await run();
  const seenAt = clock.now();
  show(1);
  await clock.advance(60_000);
  expect(stream.blind()?.sinceMs).toBe(seenAt);
});

test('a frozen picture is blindness: it is not handed on, and one new connection is tried', async () => {
  const { clock, stream, processes, show, run, frames } = camera({ frozenAfterSeconds: 60 });
  await run();
  for (let second = 0; second <= 60; second += 2) {
    show(7);
    await clock.advance(2000);
  }
  expect(stream.blind()).toMatchObject({ cause: 'frozen', detail: expect.stringContaining('60 s') });
  const before = frames();
  expect(processes).toHaveLength(2);
  show(7);
  expect(frames()).toBe(before);
  show(8);
  expect(stream.blind()).toBeUndefined();
  expect(frames()).toBe(before + 1);
});

test('the late output of an ended process is ignored', async () => {
  const { clock, stream, processes, show, run } = camera();
  await run();
  show(1);
  const [first] = processes;
  first?.events.onEnd({ cause: 'ended', detail: 'x', final: false });
  await clock.advance(1000);
  first?.events.onFrame(Buffer.alloc(6, 9), picture);
  first?.events.onEnd({ cause: 'ended', detail: 'again', final: false });
  expect(stream.newest()?.sequence).toBe(1);
  expect(processes).toHaveLength(2);
});

test('waiting for the first picture ends at once where trying again is of no use', async () => {
  const { stream, last, run } = camera();
  await run();
  const first = stream.firstFrame(new AbortController().signal);
  last().events.onEnd({ cause: 'unreachable', detail: 'the server knows no such stream (404)', final: true });
  await expect(first).rejects.toMatchObject({ code: 'stream_unreachable', message: expect.stringContaining('404') });
  await expect(stream.firstFrame(new AbortController().signal)).rejects.toMatchObject({ code: 'stream_unreachable' });
});

test('waiting ends when its limit passes, and with the first picture', async () => {
  const { stream, show, run } = camera();
  await run();
  const limit = new AbortController();
  const given = stream.firstFrame(limit.signal);
  limit.abort();
  await expect(given).rejects.toMatchObject({ code: 'stream_unreachable' });
  const first = stream.firstFrame(new AbortController().signal);
  show(1);
  await expect(first).resolves.toMatchObject({ sequence: 1 });
});

test('no error and no log line holds the credentials of the address', async () => {
  const { clock, stream, last, run, lines } = camera();
  await run();
  last().lines.push('rtsp://nurse:s3cret@cam/2: strange');
  await clock.advance(10_000);
  const error = await stream.firstFrame(AbortSignal.abort()).catch((failure: Error) => failure.message);
  expect(`${error}${JSON.stringify(lines)}`).not.toContain('s3cret');
});

test('a stopped stream opens nothing any more', async () => {
  const { clock, stream, processes, show, run } = camera();
  await run();
  show(1);
  await Promise.all([stream.stop(), stream.stop()]);
  expect(processes[0]?.stopped).toBe(true);
  await clock.advance(120_000);
  expect(processes).toHaveLength(1);
  expect(clock.pending).toBe(0);
});
