import { systemClock } from '@vigilia/service';
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
import { countedFfmpeg, oneKeyframeOnly } from '../test-support/wrapped-ffmpeg.ts';

requires('ffmpeg')('a camera whose keyframes fail in shared decoders, though each can be decoded alone', () => {
  let folder: TempFolder;
  let camera: FaultyCamera;
  const ending: FfmpegRoomStream[] = [];

  beforeAll(async () => {
    folder = await tempFolder('given-up');
    const file = folder.file('video.h264');
    await makeCodedVideo({ file, fps: 10, seconds: 60, encoder: 'keyint=5:min-keyint=5:bframes=0' });
    camera = await startFaultyCamera({ file, fps: 10 });
  });
  afterEach(async () => {
    await Promise.all(ending.splice(0).map((stream) => stream.stop()));
  });
  afterAll(async () => {
    await camera.stop();
    await folder.remove();
  });

  async function monitor(mayDecodeAll: boolean) {
    const { ffmpeg, pids } = await countedFfmpeg(folder, oneKeyframeOnly);
    const cameras = new CameraMemory();
    const { logger, lines } = captureLogger();
    const stream = new FfmpegRoomStream({
      clock: systemClock,
      logger,
      open: openCamera({ ffmpeg, cameras }),
      camera: cameras.of(camera.url),
      spec: usualSpec(camera.url, { mayDecodeAll }),
    });
    ending.push(stream);
    stream.start();
    const givenUp = (): unknown => lines.find(({ event }) => event === 'keyframes_given_up');
    await eventually(() => expect(givenUp()).toMatchObject({ source_id: 2, retry_in_s: 600 }), { timeoutMs: 120_000 });
    return { stream, pids };
  }

  const moreFrames = async (stream: FfmpegRoomStream, count: number): Promise<void> => {
    const from = stream.newest()?.sequence ?? 0;
    const enough = (): void => expect(stream.newest()?.sequence).toBeGreaterThan(from + count);
    await eventually(enough, { timeoutMs: 30_000 });
  };

  test('is decoded continuously from then on, in the same session, and no decoder is started again and again', async () => {
    const { stream, pids } = await monitor(true);
    await eventually(() => expect(stream.spec.decode).toBe('full'));
    // "auto" would choose keyframes again by any other answer
    expect(stream.keyframeIntervalMs()).toBe(Number.POSITIVE_INFINITY);
    await moreFrames(stream, 1);
    const started = pids().length;
    await moreFrames(stream, 30);
    expect(pids()).toHaveLength(started);
    expect(camera.sessions).toBe(1);
  });

  test('is decoded keyframe by keyframe in decoders of its own where keyframes alone are asked for', async () => {
    const { stream } = await monitor(false);
    await moreFrames(stream, 5);
    expect(stream.spec.decode).toBe('keyframes');
  });
});
