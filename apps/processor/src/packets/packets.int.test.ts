import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { systemClock } from '@vigilia/service';
import {
  eventually,
  type FaultyCamera,
  makeCodedVideo,
  requires,
  silentLogger,
  startFaultyCamera,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { CameraMemory } from '../stream/camera-memory.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import type { Frame } from '../stream/frame.ts';
import { FfmpegRoomStream } from '../stream/room-stream.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import { openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { AnnexB } from './annex-b.ts';
import type { OpenProcess } from './open-packets.ts';

const videos = {
  'usual.h264': 'keyint=20:min-keyint=20:bframes=0',
  'reordered.h264': 'keyint=20:min-keyint=20:bframes=2:open-gop=0',
  'usual.hevc': 'keyint=20:min-keyint=20:bframes=2:open-gop=0',
} as const;

requires('ffmpeg')('the packets of a camera', () => {
  let folder: TempFolder;
  const streams: FfmpegRoomStream[] = [];
  const cameras: FaultyCamera[] = [];

  beforeAll(async () => {
    folder = await tempFolder('packets');
    const made = Object.entries(videos).map(([name, encoder]) =>
      makeCodedVideo({ file: folder.file(name), fps: 10, seconds: 60, encoder }),
    );
    await Promise.all(made);
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.stop()));
    await Promise.all(cameras.splice(0).map((camera) => camera.stop()));
  });
  afterAll(() => folder.remove());

  async function camera(video: keyof typeof videos): Promise<FaultyCamera> {
    const codec = video.endsWith('.hevc') ? 'hevc' : 'h264';
    const started = await startFaultyCamera({ file: folder.file(video), fps: 10, codec, offsetSeconds: 1 });
    cameras.push(started);
    return started;
  }

  function monitor(address: string, open: OpenProcess, changes: Partial<StreamSpec> = {}): FfmpegRoomStream {
    const spec = usualSpec(address, changes);
    const stream = new FfmpegRoomStream({ clock: systemClock, logger: silentLogger(), open, spec });
    streams.push(stream);
    stream.start();
    return stream;
  }

  const first = (stream: FfmpegRoomStream): Promise<Frame> => stream.firstFrame(AbortSignal.timeout(30_000));
  const framesOf = (stream: FfmpegRoomStream): number[] => {
    const times: number[] = [];
    stream.listen({ frame: ({ monotonicMs }) => times.push(monotonicMs), blindness: () => {} });
    return times;
  };
  const gaps = (times: readonly number[]): number[] => times.slice(1).map((at, index) => at - (times[index] ?? at));

  test.each(Object.keys(videos) as (keyof typeof videos)[])(
    'give every frame as soon as it is wanted, in the session that is open, and time never runs backwards (%s)',
    async (video) => {
      const { url } = await camera(video);
      const open = openCamera({ rtspReader: 'own' });
      const quiet = monitor(url, open);
      await first(quiet);
      await eventually(() => expect(quiet.keyframeIntervalMs()).toBeGreaterThan(1500));
      const shownMs = quiet.newest()?.monotonicMs ?? 0;
      const busy = monitor(url, open, { decode: 'full' });
      const times = framesOf(busy);
      await eventually(() => expect(times.length).toBeGreaterThan(40), { timeoutMs: 20_000 });
      await quiet.stop();
      await eventually(() => expect(times.length).toBeGreaterThan(60), { timeoutMs: 20_000 });
      expect(times[0]).toBeGreaterThan(shownMs);
      expect(Math.min(...gaps(times))).toBeGreaterThanOrEqual(0);
      // every frame from the first one on: ten per second
      expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1)).toBeLessThan(120);
      expect(cameras[0]?.sessions).toBe(1);
    },
  );

  test.each(Object.keys(videos) as (keyof typeof videos)[])(
    'are decoded only when a frame is wanted, and the camera counts as seen meanwhile (%s)',
    async (video) => {
      const { url } = await camera(video);
      const stream = monitor(url, openCamera({ rtspReader: 'own' }));
      stream.wantEvery(8000);
      await first(stream);
      const times = framesOf(stream);
      await eventually(() => expect(times.length).toBe(2), { timeoutMs: 30_000 });
      // the interval between keyframes is known though they were not decoded
      expect(Math.abs((stream.keyframeIntervalMs() ?? 0) - 2000)).toBeLessThan(700);
      expect(gaps(times).every((gap) => gap > 5000)).toBe(true);
      expect(stream.blind()).toBeUndefined();
    },
  );

  test.each(Object.keys(videos) as (keyof typeof videos)[])(
    'give a frame that is wanted now without waiting for the beat (%s)',
    async (video) => {
      const { url } = await camera(video);
      const stream = monitor(url, openCamera({ rtspReader: 'own' }));
      stream.wantEvery(8000);
      const { monotonicMs: firstMs } = await first(stream);
      const times = framesOf(stream);
      stream.wantNow();
      await eventually(() => expect(times.length).toBe(1), { timeoutMs: 20_000 });
      // the next keyframe, two seconds later, instead of the one nearest to eight
      expect((times[0] ?? 0) - firstMs).toBeLessThan(5000);
    },
  );

  test.each([
    ['usual.h264', 0],
    ['reordered.h264', 1],
  ] as const)(
    'are given to a decoder once for each frame, with those that it holds back (%s)',
    async (video, least) => {
      const { url } = await camera(video);
      const known = new CameraMemory();
      const stream = monitor(url, openCamera({ rtspReader: 'own', cameras: known }));
      await first(stream);
      const times = framesOf(stream);
      await eventually(() => expect(times.length).toBe(3), { timeoutMs: 30_000 });
      const heldBack = known.of(url).heldBackPackets ?? -1;
      expect(heldBack).toBeGreaterThanOrEqual(least);
      expect(heldBack).toBeLessThanOrEqual(least === 0 ? 0 : 3);
    },
  );

  test('of another codec are not kept: the camera is received and decoded by one ffmpeg', async () => {
    const file = folder.file('other.mp4');
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=5'];
    execFileSync(findFfmpeg(), ['-v', 'error', '-y', ...source, '-c:v', 'mpeg4', '-g', '10', file]);
    const known = new CameraMemory();
    const address = pathToFileURL(file).href;
    const stream = monitor(address, openCamera({ mediaDir: folder.path, cameras: known }));
    expect(await first(stream)).toMatchObject({ displayed: { width: 320, height: 180 } });
    expect(known.of(address).foreignCodec).toBe('mpeg4');
  });

  test.each([
    ['h264', 'libx264', 'h264_mp4toannexb'],
    ['hevc', 'libx265', 'hevc_mp4toannexb'],
  ] as const)('of an MP4 (%s) become what ffmpeg itself makes of them', (codec, coder, filter) => {
    const [file, annexB] = [folder.file(`${codec}.mp4`), folder.file(`${codec}.annexb`)];
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=10:duration=0.1'];
    execFileSync(findFfmpeg(), ['-v', 'error', '-y', ...source, '-c:v', coder, '-frames:v', '1', file]);
    const copy = ['-v', 'error', '-y', '-i', file, '-map', '0:v:0', '-c', 'copy', '-f', 'data'];
    execFileSync(findFfmpeg(), [...copy, '-bsf:v', filter, annexB]);
    const sent = execFileSync(findFfmpeg(), [...copy, '-bsf:v', 'dump_extra=freq=keyframe', '-']);
    // ffmpeg places the parameter sets after other units that stand before the picture
    const units = (data: Buffer): string[] =>
      data
        .toString('hex')
        .split(/0000(?:00)?01/)
        .sort();
    expect(units(new AnnexB(codec).convert(sent, true))).toEqual(units(readFileSync(annexB)));
  });
});
