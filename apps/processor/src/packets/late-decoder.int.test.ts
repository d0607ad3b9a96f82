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
import { FfmpegRoomStream } from '../stream/room-stream.ts';
import { openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { countedFfmpeg } from '../test-support/wrapped-ffmpeg.ts';

const stoppedMs = 8000;

requires('ffmpeg')('a decoder of all packets that gets no CPU time for seconds', () => {
  let folder: TempFolder;
  let camera: FaultyCamera;
  let stream: FfmpegRoomStream | undefined;

  beforeAll(async () => {
    folder = await tempFolder('late');
    const file = folder.file('room.h264');
    await makeCodedVideo({ file, fps: 10, seconds: 90, encoder: 'keyint=20:min-keyint=20:bframes=0' });
    camera = await startFaultyCamera({ file, fps: 10, offsetSeconds: 1 });
  });
  afterAll(async () => {
    await stream?.stop();
    await camera?.stop();
    await folder?.remove();
  });

  test('leaves frames out up to a keyframe, and shows new ones then', async () => {
    const { ffmpeg, pids } = await countedFfmpeg(folder);
    const spec = usualSpec(camera.url, { decode: 'full' });
    stream = new FfmpegRoomStream({ clock: systemClock, logger: silentLogger(), open: openCamera({ ffmpeg }), spec });
    const sentMs: number[] = [];
    stream.listen({ frame: ({ monotonicMs }) => sentMs.push(monotonicMs), blindness: () => {} });
    stream.start();
    await eventually(() => expect(sentMs.length).toBeGreaterThan(20), { timeoutMs: 30_000 });
    const decoder = pids()[1] ?? 0;
    process.kill(decoder, 'SIGSTOP');
    const resumeAtMs = systemClock.monotonic() + stoppedMs;
    await eventually(() => expect(systemClock.monotonic()).toBeGreaterThan(resumeAtMs), { timeoutMs: 20_000 });
    process.kill(decoder, 'SIGCONT');
    await eventually(() => expect(sentMs.at(-1)).toBeGreaterThan(resumeAtMs + 2000), { timeoutMs: 30_000 });
    const gapsMs = sentMs.slice(1).map((at, index) => at - (sentMs[index] ?? at));
    // packets were left out from about six seconds on
    expect(Math.max(...gapsMs)).toBeGreaterThan(1000);
    expect(Math.max(...gapsMs)).toBeLessThan(8000);
    expect(pids()).toHaveLength(2);
  });
});
