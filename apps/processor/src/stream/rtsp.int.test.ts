import { isAlive, systemClock } from '@vigilia/service';
import {
  eventually,
  makeClip,
  type RtspCameras,
  requires,
  silentLogger,
  startRtspCameras,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { rtspReaders } from '../packets/choose-path.ts';
import { startCameraWire } from '../test-support/camera-wire.ts';
import { openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { FfmpegRoomStream } from './room-stream.ts';
import type { DecodeMode } from './stream-spec.ts';

requires('ffmpeg', 'rtsp').each(rtspReaders)('rooms over RTSP, received by %s', (rtspReader) => {
  let folder: TempFolder;
  let cameras: RtspCameras;
  const streams: FfmpegRoomStream[] = [];
  beforeAll(async () => {
    folder = await tempFolder('rtsp');
    await makeClip({ file: folder.file('room.mp4'), size: '320x180', fps: 10, gop: 20, seconds: 10 });
    cameras = await startRtspCameras({ 1: folder.file('room.mp4'), 2: folder.file('room.mp4') });
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.stop()));
  });
  afterAll(async () => {
    await cameras?.stop();
    await folder.remove();
  });

  function open(sourceId: number, decode: DecodeMode = 'keyframes', server = cameras.url): FfmpegRoomStream {
    const stream = new FfmpegRoomStream({
      clock: systemClock,
      logger: silentLogger(),
      open: openCamera({ rtspReader }),
      spec: usualSpec(`${server}/${sourceId}`, { sourceId, decode }),
    });
    streams.push(stream);
    stream.start();
    return stream;
  }
  const first = (stream: FfmpegRoomStream) => stream.firstFrame(AbortSignal.timeout(60_000));

  test.each(['keyframes', 'full'] as const)(
    'a camera is seen (%s) and its key frame interval measured',
    async (decode) => {
      const stream = open(1, decode);
      expect(await first(stream)).toMatchObject({ displayed: { width: 320, height: 180 } });
      await eventually(() => expect(Math.abs((stream.keyframeIntervalMs() ?? 0) - 2000)).toBeLessThan(500));
    },
  );

  test('a camera that is cut is reported as blind and what received it ends, the other room continues; restored, it sees again', async () => {
    const [gone, other] = [open(1), open(2)];
    await Promise.all([first(gone), first(other)]);
    const { pid } = gone;
    expect(pid === undefined).toBe(rtspReader === 'own');
    await cameras.cut(1);
    await eventually(() => expect(gone.blind()).toBeDefined(), { timeoutMs: 30_000 });
    await eventually(() => expect(pid !== undefined && isAlive(pid)).toBe(false), { timeoutMs: 30_000 });
    expect(other.blind()).toBeUndefined();
    expect(systemClock.monotonic() - (other.newest()?.monotonicMs ?? 0)).toBeLessThan(6000);
    await cameras.restore(1);
    await eventually(() => expect(gone.blind()).toBeUndefined(), { timeoutMs: 60_000 });
  });

  test('a camera that stutters, its pictures late and then in bursts, stays seen; the other room keeps its beat', async () => {
    const wire = await startCameraWire({ target: cameras.url });
    try {
      const [stutters, other] = [open(1, 'full', wire.url), open(2, 'full')];
      await Promise.all([first(stutters), first(other)]);
      const told: unknown[] = [];
      const seen = [stutters, other].map((stream) => {
        const room = { pictures: 0 };
        stream.listen({ frame: () => void room.pictures++, blindness: () => told.push(stream.blind()) });
        return room;
      });
      const grown = async (room: { pictures: number } | undefined, by: number): Promise<void> => {
        const before = room?.pictures ?? 0;
        await eventually(() => expect(room?.pictures).toBeGreaterThan(before + by));
      };
      for (let round = 0; round < 4; round++) {
        wire.hold();
        // while the one stands still the other gives a second and a half of pictures
        await grown(seen[1], 15);
        wire.release();
        await grown(seen[0], 10);
      }
      expect(told).toEqual([]);
      expect(stutters.keyframeIntervalMs()).toBeGreaterThan(500);
    } finally {
      await wire.stop();
    }
  });

  test('a room the server does not know is refused at once', async () => {
    await expect(first(open(9))).rejects.toMatchObject({
      code: 'stream_unreachable',
      message: expect.stringContaining('404'),
    });
  });
});
