import { FakeClock } from '@vigilia/testing';
import { usualSpec } from '../test-support/usual-spec.ts';
import type { CameraSession } from './camera-session.ts';
import type { KeptTrack } from './decoder-process.ts';
import { pastFrames } from './past-frames.ts';

const track: KeptTrack = { codec: 'mjpeg', width: 32, height: 32, sar: '1/1' };
const packets = [1000, 1250].map((receivedMs) => ({
  data: Buffer.from([0xff, 0xd8]),
  block: undefined,
  key: true,
  receivedMs,
}));
const session = { track, ring: { packets } } as unknown as CameraSession;

/** Reads frames of a program that gives none and ends when its input does. */
async function read(signal: AbortSignal, ffmpeg = '/bin/cat'): Promise<number> {
  const spec = usualSpec('rtsp://cam/2', { width: 32, height: 32 });
  const request = { afterMs: 900, untilMs: 2000, fps: 4, signal };
  let frames = 0;
  for await (const _ of pastFrames({ ffmpeg, clock: new FakeClock(), session, spec, request })) {
    frames += 1;
  }
  return frames;
}

test('packets that cannot be decoded give no frame', async () => {
  expect(await read(new AbortController().signal)).toBe(0);
});

test('a look-back that is aborted before its decoder has started rejects, and ends no process', async () => {
  const abort = new AbortController();
  const reading = read(abort.signal);
  abort.abort(new Error('too late'));
  await expect(reading).rejects.toThrow();
  await expect(read(AbortSignal.abort(new Error('long over')))).rejects.toThrow('long over');
});
