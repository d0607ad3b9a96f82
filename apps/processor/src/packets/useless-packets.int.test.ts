import { type Clock, systemClock } from '@vigilia/service';
import {
  captureLogger,
  eventually,
  type FaultyCamera,
  makeCodedVideo,
  requires,
  startFaultyCamera,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { CameraMemory } from '../stream/camera-memory.ts';
import { FfmpegRoomStream } from '../stream/room-stream.ts';
import { openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { noBeginning } from './choose-path.ts';

/** Time passes ten times as fast: the packets of a minute come in six seconds. */
const hurried: Clock = { ...systemClock, monotonic: () => 10 * systemClock.monotonic() };

requires('ffmpeg')('a camera that sends no packet with which decoding can begin (intra refresh)', () => {
  let folder: TempFolder;
  let camera: FaultyCamera;
  const ending: FfmpegRoomStream[] = [];

  beforeAll(async () => {
    folder = await tempFolder('useless');
    const file = folder.file('refresh.h264');
    await makeCodedVideo({ file, fps: 10, seconds: 120, encoder: 'keyint=30:intra-refresh=1:bframes=0' });
    camera = await startFaultyCamera({ file, fps: 10, offsetSeconds: 3.5 });
  });
  afterAll(async () => {
    await Promise.all(ending.map((stream) => stream.stop()));
    await camera.stop();
    await folder.remove();
  });

  test('is decoded from its packets in the same session, and the log states why a look-back shows nothing', async () => {
    const cameras = new CameraMemory();
    const { logger, lines } = captureLogger();
    const open = openCamera({ clock: hurried, cameras, logger });
    const monitor = (): FfmpegRoomStream => {
      const spec = usualSpec(camera.url, { decode: 'full' });
      const stream = new FfmpegRoomStream({ clock: hurried, logger, open, camera: cameras.of(camera.url), spec });
      ending.push(stream);
      stream.start();
      return stream;
    };
    const reports = () => lines.filter(({ event }) => event === 'packets_not_kept');
    const stream = monitor();
    await eventually(() => expect(reports()).toHaveLength(1), { timeoutMs: 30_000 });
    expect(reports()[0]).toMatchObject({ source_id: 2, reason: noBeginning });
    const seen = stream.newest()?.sequence ?? 0;
    expect(seen).toBeGreaterThan(10);
    const untilMs = hurried.monotonic();
    const request = { afterMs: untilMs - 30_000, untilMs, fps: 4, signal: AbortSignal.timeout(10_000) };
    for await (const frame of stream.past(request) ?? []) {
      throw new Error(`a frame of the past came: ${frame.sequence}`);
    }
    // another stream of the room shares the session as long as it is open
    const beside = monitor();
    await beside.firstFrame(AbortSignal.timeout(20_000));
    expect(camera.sessions).toBe(1);
    await Promise.all([stream.stop(), beside.stop()]);
    const again = monitor();
    await again.firstFrame(AbortSignal.timeout(20_000));
    expect(again.past(request)).toBeUndefined();
    expect(camera.sessions).toBe(2);
  });
});

requires('ffmpeg')(
  'a camera whose keyframes are far apart, and whose packets between two of them take more memory than there is',
  () => {
    let folder: TempFolder;
    let camera: FaultyCamera;
    const ending: FfmpegRoomStream[] = [];

    beforeAll(async () => {
      folder = await tempFolder('large-groups');
      const file = folder.file('large.h264');
      await makeCodedVideo({ file, fps: 10, seconds: 60, encoder: 'keyint=200:min-keyint=200:bframes=0' });
      camera = await startFaultyCamera({ file, fps: 10, offsetSeconds: 19.5 });
    });
    afterAll(async () => {
      await Promise.all(ending.map((stream) => stream.stop()));
      await camera?.stop();
      await folder?.remove();
    });

    test('is not taken for one that sends no keyframe: its packets are received as before when it is opened again', async () => {
      const cameras = new CameraMemory();
      const { logger, lines } = captureLogger();
      const open = openCamera({ clock: hurried, cameras, logger, roomBytes: 20_000 });
      const monitor = (): FfmpegRoomStream => {
        const spec = usualSpec(camera.url, { decode: 'full' });
        const stream = new FfmpegRoomStream({ clock: hurried, logger, open, camera: cameras.of(camera.url), spec });
        ending.push(stream);
        stream.start();
        return stream;
      };
      const stream = monitor();
      const first = await stream.firstFrame(AbortSignal.timeout(30_000));
      const reports = (): number => lines.filter(({ event }) => event === 'packets_not_kept').length;
      // a slow machine joins after one keyframe and waits long for the next one
      const early = reports();
      // no packet has been kept for more than a minute
      await eventually(() => expect((stream.newest()?.monotonicMs ?? 0) - first.monotonicMs).toBeGreaterThan(100_000), {
        timeoutMs: 30_000,
      });
      expect(reports()).toBe(early);
      expect(cameras.of(camera.url).neverBegins).toBe(false);
      await stream.stop();
      const again = monitor();
      await again.firstFrame(AbortSignal.timeout(40_000));
      const nowMs = hurried.monotonic();
      const past = again.past({ afterMs: nowMs - 1000, untilMs: nowMs, fps: 4, signal: AbortSignal.timeout(1000) });
      expect(past).toBeDefined();
    });
  },
);
