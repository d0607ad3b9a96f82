import { execFileSync } from 'node:child_process';
import { isAlive, systemClock } from '@vigilia/service';
import { eventually, FakeClock, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import { plainView } from '@vigilia/vision';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { countedFfmpeg } from '../test-support/wrapped-ffmpeg.ts';
import { KeyframeDecoders, type KeyframeRequest } from './keyframe-decoders.ts';

const track = { codec: 'h264', width: 320, height: 180, sar: '1/1' } as const;

/** An IDR picture of one grey level. */
function keyframe(level: number): Buffer {
  const colour = `color=c=0x${level.toString(16).repeat(3)}:size=${track.width}x${track.height}:rate=10:duration=0.1`;
  const coder = ['-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p', '-frames:v', '1', '-f', 'h264', '-'];
  return execFileSync(findFfmpeg(), ['-v', 'error', '-f', 'lavfi', '-i', colour, ...coder]);
}

const broken = Buffer.concat([Buffer.from([0, 0, 0, 1, 0x65]), Buffer.alloc(500, 0xaa)]);

function request(data: Buffer, changes: Partial<KeyframeRequest> & { readonly trial?: boolean } = {}): KeyframeRequest {
  const { width = 64, height = width, trial = false } = changes;
  return { keyframe: data, copies: trial ? undefined : 0, track, view: plainView, width, height };
}

const middle = ({ data }: { readonly data: Buffer }): number => data[(32 * 64 + 32) * 3] ?? -1;

requires('ffmpeg')('the decoders that rooms share', () => {
  let decoders: KeyframeDecoders;
  beforeEach(() => {
    decoders = new KeyframeDecoders({ ffmpeg: findFfmpeg(), clock: systemClock });
    decoders.join();
  });
  afterEach(() => decoders.leave());

  test('give each room the frame of its own keyframe', async () => {
    const levels = [0x20, 0x80, 0xd0, 0x50];
    const frames = await Promise.all(levels.map((level) => decoders.decode(request(keyframe(level)))));
    const errors = frames.map((frame, index) => Math.abs(middle(frame) - (levels[index] ?? 0)));
    expect(Math.max(...errors)).toBeLessThan(25);
  });

  test('refuse a broken keyframe as soon as ffmpeg reports it, and serve the next room with the same decoder', async () => {
    const whole = keyframe(0x80);
    await decoders.decode(request(whole));
    const startMs = performance.now();
    const refused = decoders.decode(request(broken)).catch((error: Error) => error.message);
    const served = decoders.decode(request(whole)).then((frame) => middle(frame));
    expect(await refused).toContain('gave no frame');
    // sooner than the time after which a decoder that reports nothing is given up
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(Math.abs((await served) - 0x80)).toBeLessThan(25);
  });

  test('try a room whose camera is not known yet in a decoder of its own', async () => {
    await decoders.decode(request(keyframe(0x80)));
    // an SPS and no frame: nothing is reported, and the trial waits for one
    const silent = decoders.decode(request(Buffer.alloc(0), { trial: true })).catch(() => 'failed');
    const served = decoders.decode(request(keyframe(0x20))).then(() => 'served');
    expect(await Promise.race([silent, served])).toBe('served');
    expect(await silent).toBe('failed');
  });
});

requires('ffmpeg')('the number of decoders that rooms share', () => {
  const widths = [64, 80, 96, 112, 128, 144];
  let folder: TempFolder;
  beforeAll(async () => {
    folder = await tempFolder('decoders');
  });
  afterAll(() => folder.remove());

  /** Decoders for so many rooms, and the process ids of all that were started. */
  async function decodersOf(rooms: number, clock = new FakeClock()) {
    const { ffmpeg, pids } = await countedFfmpeg(folder);
    const decoders = new KeyframeDecoders({ ffmpeg, clock });
    for (let room = 0; room < rooms; room++) {
      decoders.join();
    }
    const end = async (): Promise<void> => {
      for (let room = 0; room < rooms; room++) {
        await decoders.leave();
      }
      expect(pids().filter((pid) => isAlive(pid))).toEqual([]);
    };
    return { decoders, pids, clock, end };
  }

  test('is one for each shape of the rooms, also where all rooms differ: none is started twice', async () => {
    const { decoders, pids, end } = await decodersOf(widths.length);
    const data = keyframe(0x80);
    for (let round = 0; round < 3; round++) {
      const frames = await Promise.all(widths.map((width) => decoders.decode(request(data, { width }))));
      expect(frames.map((frame) => frame.data.length)).toEqual(widths.map((side) => side * side * 3));
    }
    expect(pids()).toHaveLength(widths.length);
    await end();
  });

  test('is never larger than the number of rooms: shapes that come and go take the place of others', async () => {
    const { decoders, pids, end } = await decodersOf(2);
    const data = keyframe(0x80);
    const frames = await Promise.all(widths.map((width) => decoders.decode(request(data, { width }))));
    expect(frames).toHaveLength(widths.length);
    await eventually(() => expect(pids().filter((pid) => isAlive(pid)).length).toBeLessThanOrEqual(2));
    await end();
  });

  test('falls when no room has had a shape for a minute', async () => {
    const { decoders, pids, clock, end } = await decodersOf(3);
    const data = keyframe(0x80);
    await decoders.decode(request(data, { width: 64 }));
    const [old = 0] = pids();
    await clock.advance(61_000);
    await decoders.decode(request(data, { width: 80 }));
    await eventually(() => expect(isAlive(old)).toBe(false));
    await end();
  });

  test('does not grow by a trial that succeeds: its decoder is the one that rooms share', async () => {
    const { decoders, pids, end } = await decodersOf(1);
    const data = keyframe(0x80);
    await decoders.decode(request(data, { trial: true }));
    const frame = await decoders.decode(request(keyframe(0x20)));
    expect(Math.abs(middle(frame) - 0x20)).toBeLessThan(25);
    expect(pids()).toHaveLength(1);
    await end();
  });
});
