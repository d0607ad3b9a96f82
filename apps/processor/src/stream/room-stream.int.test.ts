import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isAlive, systemClock } from '@vigilia/service';
import { captureLogger, eventually, makeClip, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { letterboxGeometry, plainView, unletterbox } from '@vigilia/vision';
import { cameraPaths, openCamera } from '../test-support/open-camera.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import { findFfmpeg } from './find-ffmpeg.ts';
import type { Frame } from './frame.ts';
import { FfmpegRoomStream } from './room-stream.ts';
import type { StreamSpec } from './stream-spec.ts';

const { logger } = captureLogger();

requires('ffmpeg').each(cameraPaths)('a room of ffmpeg (%s)', (path) => {
  let folder: TempFolder;
  const streams: FfmpegRoomStream[] = [];
  beforeAll(async () => {
    folder = await tempFolder('stream');
    await makeClip({ file: folder.file('moving.mp4'), size: '320x180', fps: 10, gop: 10, seconds: 6 });
    // the first half dark, the second bright: shows where in the clip a frame is from
    const halves = [
      { seconds: 3, level: 20 },
      { seconds: 3, level: 220 },
    ];
    await makeClip({ file: folder.file('halves.mp4'), size: '320x180', fps: 10, gop: 5, pattern: halves });
  });
  afterEach(async () => {
    await Promise.all(streams.splice(0).map((stream) => stream.stop()));
  });
  afterAll(() => folder.remove());

  function open(changes: Partial<StreamSpec> & { clip?: string; clipEpochMs?: number }): FfmpegRoomStream {
    const { clip = 'moving.mp4', clipEpochMs, ...spec } = changes;
    const start = openCamera({ path, mediaDir: folder.path, clipEpochMs });
    const stream = new FfmpegRoomStream({
      clock: systemClock,
      logger,
      open: start,
      spec: usualSpec(pathToFileURL(folder.file(clip)).href, spec),
    });
    streams.push(stream);
    stream.start();
    return stream;
  }
  const first = (stream: FfmpegRoomStream): Promise<Frame> => stream.firstFrame(AbortSignal.timeout(60_000));
  const grey = (frame: Frame | undefined): number => frame?.data[(32 * 64 + 32) * 3] ?? -1;
  /** Mean time between pictures. */
  const apartMs = (seen: readonly Frame[]): number =>
    ((seen.at(-1)?.monotonicMs ?? 0) - (seen[0]?.monotonicMs ?? 0)) / (seen.length - 1);
  const frames = (stream: FfmpegRoomStream): Frame[] => {
    const seen: Frame[] = [];
    stream.listen({ frame: (frame) => seen.push({ ...frame }), blindness: () => {} });
    return seen;
  };

  test('a clip gives its pictures, letterboxed, with the size of the camera', async () => {
    const stream = open({});
    const frame = await first(stream);
    expect(frame).toMatchObject({ sourceId: 2, width: 64, height: 64, displayed: { width: 320, height: 180 } });
    expect(frame.data).toHaveLength(64 * 64 * 3);
    expect([...frame.data.subarray(0, 3)]).toEqual([114, 114, 114]);
    expect(stream.blind()).toBeUndefined();
  });

  /** Scene of 640×360 with a white box of 60×180 pixels, filmed through the filter. */
  async function film(clip: string, filter: string): Promise<void> {
    const scene = 'color=c=0x404040:size=640x360:rate=10:duration=3,drawbox=x=400:y=100:w=60:h=180:color=white:t=fill';
    const coder = ['-c:v', 'libx264', '-g', '5', '-qp', '10', '-pix_fmt', 'yuv420p'];
    execFileSync(findFfmpeg(), [
      ...['-v', 'error', '-y', '-f', 'lavfi', '-i', `${scene},${filter}`],
      ...[...coder, folder.file(clip)],
    ]);
  }

  /** Where the white is, in pixels of the displayed picture. */
  function whiteBox({ data, width, height, displayed }: Frame): { x1: number; y1: number; x2: number; y2: number } {
    const at = [...Array(width * height).keys()].filter((index) => (data[index * 3] ?? 0) > 160);
    const xs = at.map((index) => index % width);
    const ys = at.map((index) => Math.floor(index / width));
    const box = { x1: Math.min(...xs), y1: Math.min(...ys), x2: Math.max(...xs) + 1, y2: Math.max(...ys) + 1 };
    return unletterbox(box, letterboxGeometry(displayed.width, displayed.height, width, height));
  }

  test.each([
    ['352×288 with flagged pixels of 16:11', 'scale=352:288,setsar=16/11', plainView, [512, 288]],
    [
      '352×288 without a flag in a room with an aspect',
      'scale=352:288,setsar=1',
      { aspect: 16 / 9, rotate: 0 },
      [512, 288],
    ],
    ['720×576 with flagged pixels of 64:45', 'scale=720:576,setsar=64/45', plainView, [1024, 576]],
    ['960×1080 (half HD) with flagged pixels of 2:1', 'scale=960:1080,setsar=2', plainView, [1920, 1080]],
    ['mounted on its side', 'transpose=cclock', { aspect: undefined, rotate: 90 }, [640, 360]],
    ['mounted on its other side', 'transpose=clock', { aspect: undefined, rotate: 270 }, [640, 360]],
    ['upside down', 'hflip,vflip', { aspect: undefined, rotate: 180 }, [640, 360]],
    [
      'on its side with squeezed pixels',
      'transpose=clock,scale=352:288,setsar=1',
      { aspect: 9 / 16, rotate: 270 },
      undefined,
    ],
  ] as const)(
    'a camera %s: boxes have the shape and place that they have in the room',
    async (name, filter, view, size) => {
      const clip = `${name.replaceAll(/\W+/g, '-')}.mp4`;
      await film(clip, filter);
      const frame = await first(open({ clip, view, width: 320, height: 320 }));
      const { width, height } = frame.displayed;
      if (size !== undefined) {
        expect([width, height]).toEqual(size);
      }
      const box = whiteBox(frame);
      expect(Math.abs((box.x2 - box.x1) / (box.y2 - box.y1) - 60 / 180)).toBeLessThan(0.02);
      expect(Math.abs(box.x1 / width - 400 / 640)).toBeLessThan(0.01);
      expect(Math.abs(box.y1 / height - 100 / 360)).toBeLessThan(0.01);
    },
  );

  test('key frames come once each, and their interval is measured', async () => {
    const stream = open({});
    const seen = frames(stream);
    await eventually(() => expect(apartMs(seen.slice(-5))).toBeGreaterThan(700));
    await eventually(() => expect(Math.abs((stream.keyframeIntervalMs() ?? 0) - 1000)).toBeLessThan(300));
  });

  test('full decode gives every frame, and still measures the keyframe interval', async () => {
    const stream = open({ decode: 'full' });
    const seen = frames(stream);
    await eventually(() => {
      const last = seen.slice(-36);
      expect(last).toHaveLength(36);
      expect(apartMs(last)).toBeGreaterThan(70);
      expect(apartMs(last)).toBeLessThan(140);
    });
    await eventually(() => expect(Math.abs((stream.keyframeIntervalMs() ?? 0) - 1000)).toBeLessThan(300));
  });

  test('with a clip clock every reader sees the same moment, also after the clip began anew', async () => {
    const clipEpochMs = Date.now() - 3100; // its bright half has just begun
    const one = open({ clip: 'halves.mp4', clipEpochMs });
    expect(grey(await first(one))).toBeGreaterThan(150);
    await eventually(() => expect(grey(one.newest())).toBeLessThan(100));
    const two = open({ clip: 'halves.mp4', clipEpochMs, decode: 'full' });
    await first(two);
    const agree = (bright: boolean): void => {
      const at = ((Date.now() - clipEpochMs) / 1000) % 6;
      expect(at >= 3).toBe(bright);
      // away from the cuts, where half a second of key frame interval would show
      expect(Math.abs((at % 3) - 2)).toBeLessThan(0.6);
      expect(grey(one.newest()) > 100).toBe(bright);
      expect(grey(two.newest()) > 100).toBe(bright);
    };
    for (const bright of [true, false, true, false]) {
      await eventually(() => agree(bright), { timeoutMs: 20_000 });
    }
  });

  test('ffmpeg killed: pictures again within seconds, without reporting the room as blind', async () => {
    const stream = open({});
    await first(stream);
    const told: unknown[] = [];
    stream.listen({ frame: () => {}, blindness: () => told.push(stream.blind()) });
    const pid = stream.pid as number;
    const { sequence } = stream.newest() as Frame;
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(stream.newest()?.sequence).toBeGreaterThan(sequence + 1));
    expect(stream.pid).not.toBe(pid);
    expect(told).toEqual([]);
  });

  test('an ffmpeg that hangs is noticed by its silence, and replaced', async () => {
    const stream = open({});
    await eventually(() => expect(stream.keyframeIntervalMs()).toBeDefined());
    const pid = stream.pid as number;
    process.kill(pid, 'SIGSTOP');
    await eventually(() => expect(stream.blind()).toMatchObject({ cause: 'silent' }), { timeoutMs: 30_000 });
    await eventually(() => expect(stream.blind()).toBeUndefined(), { timeoutMs: 20_000 });
    await eventually(() => expect(isAlive(pid)).toBe(false));
  });

  test('a picture of another size in mid-stream moves nothing', async () => {
    const part = (size: string, name: string): void => {
      const source = ['-f', 'lavfi', '-i', `color=c=0xdcdcdc:size=${size}:rate=10:duration=2`];
      execFileSync(findFfmpeg(), [
        '-v',
        'error',
        '-y',
        ...source,
        '-c:v',
        'libx264',
        '-g',
        '5',
        '-f',
        'mpegts',
        folder.file(name),
      ]);
    };
    part('320x180', 'a.ts');
    part('180x320', 'b.ts');
    writeFileSync(
      folder.file('both.ts'),
      Buffer.concat(['a.ts', 'b.ts'].map((name) => readFileSync(folder.file(name)))),
    );
    const stream = open({ clip: 'both.ts', decode: 'full' });
    const seen: { source: Frame['displayed']; corner: number; middle: number; side: number }[] = [];
    const at = (frame: Frame, x: number, y: number): number => frame.data[(y * 64 + x) * 3] as number;
    stream.listen({
      frame: (frame) =>
        seen.push({
          source: frame.displayed,
          middle: at(frame, 32, 32),
          corner: at(frame, 32, 2),
          side: at(frame, 2, 32),
        }),
      blindness: () => {},
    });
    await eventually(() => expect(seen.some(({ source }) => source.height === 320)).toBe(true), { timeoutMs: 20_000 });
    for (const { source, middle, corner, side } of seen) {
      expect(middle).toBeGreaterThan(200);
      // the grey of the letterbox lies above for the wide picture, beside for the tall one
      expect(Math.abs(corner - 114) < 12).toBe(source.width === 320);
      expect(Math.abs(side - 114) < 12).toBe(source.height === 320);
    }
  });

  test('the same picture again and again is a frozen camera', async () => {
    await makeClip({
      file: folder.file('still.mp4'),
      size: '320x180',
      fps: 10,
      gop: 5,
      pattern: [{ seconds: 4, level: 90 }],
    });
    const stream = open({ clip: 'still.mp4', frozenAfterSeconds: 2 });
    await first(stream);
    await eventually(() => expect(stream.blind()).toMatchObject({ cause: 'frozen' }));
  });

  test('frames that cannot be decoded are skipped, whatever ffmpeg reports about them', async () => {
    const bytes = readFileSync(await makeClip({ file: folder.file('whole.mp4'), size: '320x180', gop: 5, seconds: 4 }));
    // every 700th byte after the header (`moov` comes first: faststart)
    for (let at = 20_000; at < bytes.length; at += 700) {
      bytes[at] = 255 - (bytes[at] ?? 0);
    }
    writeFileSync(folder.file('damaged.mp4'), bytes);
    const stream = open({ clip: 'damaged.mp4', decode: 'full' });
    const seen = frames(stream);
    await eventually(() => expect(seen.length).toBeGreaterThan(10));
    expect(stream.blind()).toBeUndefined();
  });

  test('a stream without video is refused with the reason', async () => {
    const tone = ['-f', 'lavfi', '-i', 'sine=duration=3', folder.file('tone.mp4')];
    execFileSync(findFfmpeg(), ['-v', 'error', '-y', ...tone]);
    const stream = open({ clip: 'tone.mp4' });
    await expect(first(stream)).rejects.toMatchObject({ message: expect.stringContaining('no video in the stream') });
    expect(stream.blind()?.cause).toBe('decoder');
  });

  test.each([
    ['a file that is not a video', 'broken.mp4', /no duration/],
    ['a file that is not there', 'missing.mp4', /not there/],
  ])('%s is refused at once with the reason', async (_, clip, message) => {
    writeFileSync(folder.file('broken.mp4'), 'this is not a video');
    const stream = open({ clip });
    await expect(first(stream)).rejects.toMatchObject({
      code: 'stream_unreachable',
      message: expect.stringMatching(message),
    });
    expect(stream.blind()?.cause).toBe('unreachable');
  });
});
