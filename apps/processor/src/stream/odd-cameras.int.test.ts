import { systemClock } from '@vigilia/service';
import {
  eventually,
  type FaultyCamera,
  type FaultyCameraOptions,
  makeCodedVideo,
  requires,
  silentLogger,
  startFaultyCamera,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { CameraMemory } from './camera-memory.ts';
import type { Frame } from './frame.ts';
import { FfmpegRoomStream } from './room-stream.ts';
import type { StreamSpec } from './stream-spec.ts';

const videos = {
  usual: { fps: 10, seconds: 20, encoder: 'keyint=20:min-keyint=20:bframes=0' },
  long: { fps: 10, seconds: 50, encoder: 'keyint=250:min-keyint=250:bframes=0' },
  open: { fps: 10, seconds: 30, encoder: 'keyint=20:min-keyint=20:open-gop=1:bframes=2' },
  refresh: { fps: 10, seconds: 30, encoder: 'keyint=30:intra-refresh=1:bframes=0' },
  oneFps: { fps: 1, seconds: 60, encoder: 'keyint=4:min-keyint=4:bframes=0' },
  twoFps: { fps: 2, seconds: 60, encoder: 'keyint=4:min-keyint=4:bframes=0' },
} as const;

requires('ffmpeg')('a camera with habits of its own', () => {
  let folder: TempFolder;
  const streams: FfmpegRoomStream[] = [];
  const cameras: FaultyCamera[] = [];

  beforeAll(async () => {
    folder = await tempFolder('odd-cameras');
    const made = Object.entries(videos).map(([name, video]) =>
      makeCodedVideo({ file: folder.file(`${name}.h264`), ...video }),
    );
    const hevc = { fps: 10, seconds: 30, encoder: 'keyint=100:min-keyint=100:bframes=0:open-gop=0' };
    await Promise.all([...made, makeCodedVideo({ file: folder.file('hevc.hevc'), ...hevc })]);
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.stop()));
    await Promise.all(cameras.splice(0).map((camera) => camera.stop()));
  });
  afterAll(() => folder.remove());

  async function camera(video: keyof typeof videos, more: Partial<FaultyCameraOptions> = {}): Promise<FaultyCamera> {
    const file = folder.file(`${video}.h264`);
    const started = await startFaultyCamera({ file, fps: videos[video].fps, ...more });
    cameras.push(started);
    return started;
  }

  function monitor(address: string, changes: Partial<StreamSpec> = {}, known = new CameraMemory()): FfmpegRoomStream {
    const stream = new FfmpegRoomStream({
      clock: systemClock,
      logger: silentLogger(),
      open: openCamera({ rtspReader: 'own', cameras: known }),
      camera: known.of(address),
      spec: usualSpec(address, changes),
    });
    streams.push(stream);
    stream.start();
    return stream;
  }

  /** Seconds from the start of the stream to its first frame. */
  async function firstAfter(stream: FfmpegRoomStream, limitSeconds: number): Promise<number> {
    const startMs = performance.now();
    await stream.firstFrame(AbortSignal.timeout(limitSeconds * 1000));
    return (performance.now() - startMs) / 1000;
  }

  test.each(['keyframes', 'full'] as const)(
    'is seen within one group of pictures and ten seconds where keyframes come every 25 s (%s), and the delay has a name',
    async (decode) => {
      const { url } = await camera('long', { offsetSeconds: 3 });
      const stream = monitor(url, { decode });
      await eventually(() => expect(stream.blind()?.cause).toBe('no_keyframe'), { timeoutMs: 14_000 });
      expect(stream.blind()?.detail).toMatch(/^the camera sends, but no keyframe for 1\d s$/);
      expect(stream.receiving()).toBe(true);
      expect(await firstAfter(stream, 35)).toBeLessThan(35);
      expect(stream.blind()).toBeUndefined();
      expect(cameras[0]?.sessions).toBeLessThanOrEqual(2);
    },
  );

  test.each([
    ['open groups of pictures', 'open'],
    ['intra refresh instead of keyframes', 'refresh'],
  ] as const)('is seen within 15 s where it has %s', async (_, video) => {
    const { url } = await camera(video, { offsetSeconds: 3.5 });
    const stream = monitor(url);
    expect(await firstAfter(stream, 15)).toBeLessThan(15);
  });

  test('with open groups of pictures is not opened for keyframes alone for ever', async () => {
    const { url } = await camera('open', { offsetSeconds: 3.5 });
    const known = new CameraMemory();
    const first = monitor(url, { decode: 'full' }, known);
    await eventually(() => expect(first.keyframeIntervalMs()).toBeGreaterThan(1500));
    const second = monitor(url, {}, known);
    await eventually(() => expect(second.spec.decode).toBe('full'), { timeoutMs: 30_000 });
    await firstAfter(second, 15);
    expect(second.keyframeIntervalMs()).toBe(Number.POSITIVE_INFINITY);
  });

  test.each(['oneFps', 'twoFps'] as const)('is seen within 10 s where it sends few frames (%s)', async (video) => {
    for (const decode of ['keyframes', 'full'] as const) {
      const { url } = await camera(video, { offsetSeconds: 3 });
      const stream = monitor(url, { decode });
      expect(await firstAfter(stream, 10)).toBeLessThan(10);
      expect(stream.spec.decode).toBe(decode);
    }
  });

  test('an order to decode keyframes alone is kept: the stream waits for the next one in the same session', async () => {
    const { url } = await camera('long', { offsetSeconds: 10 });
    const stream = monitor(url, { mayDecodeAll: false });
    await firstAfter(stream, 30);
    expect(stream.spec.decode).toBe('keyframes');
    expect(cameras[0]?.sessions).toBe(1);
  });

  test('shows no frame of HEVC that was built on references from before the session', async () => {
    const started = await startFaultyCamera({
      file: folder.file('hevc.hevc'),
      fps: 10,
      codec: 'hevc',
      offsetSeconds: 4,
    });
    cameras.push(started);
    const seconds = await firstAfter(monitor(started.url, { decode: 'full' }), 15);
    // the keyframe comes after six seconds; smears would be there at once
    expect(seconds).toBeGreaterThan(4);
  });

  test('closes every session after 8 s: frames go on within 3 s each time, and no pause grows', async () => {
    const { url } = await camera('usual', { closeAfterSeconds: 8, keyframeOnJoin: true });
    const stream = monitor(url, { decode: 'full' });
    await firstAfter(stream, 10);
    const frames: number[] = [];
    const blindness: unknown[] = [];
    stream.listen({
      frame: (frame: Frame) => frames.push(frame.monotonicMs),
      blindness: () => blindness.push(stream.blind()),
    });
    await eventually(() => expect(cameras[0]?.sessions).toBeGreaterThanOrEqual(4), { timeoutMs: 60_000 });
    const gaps = frames.slice(1).map((at, index) => at - (frames[index] ?? at));
    expect(Math.max(...gaps)).toBeLessThan(3000);
    expect(blindness).toEqual([]);
  });

  test('has a first video track that never sends: the other one is used', async () => {
    const { url } = await camera('usual', { silentFirstTrack: true });
    const stream = monitor(url);
    expect(await firstAfter(stream, 20)).toBeLessThan(20);
  });

  test('sends the size of its picture with the keyframes alone, every 25 s', async () => {
    const { url } = await camera('long', { offsetSeconds: 3, parameterSetsInBandOnly: true });
    expect(await firstAfter(monitor(url), 35)).toBeLessThan(35);
  });
});
