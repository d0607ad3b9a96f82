import { execFileSync } from 'node:child_process';
import { systemClock } from '@vigilia/service';
import { requires } from '@vigilia/testing';
import { plainView } from '@vigilia/vision';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { KeyframeDecoders, type KeyframeRequest } from './keyframe-decoders.ts';

const track = { codec: 'h264', width: 320, height: 180, sar: '1/1' } as const;

/** An IDR picture of one grey level. */
function keyframe(level: number): Buffer {
  const colour = `color=c=0x${level.toString(16).repeat(3)}:size=${track.width}x${track.height}:rate=10:duration=0.1`;
  const coder = ['-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p', '-frames:v', '1', '-f', 'h264', '-'];
  return execFileSync(findFfmpeg(), ['-v', 'error', '-f', 'lavfi', '-i', colour, ...coder]);
}

const broken = Buffer.concat([Buffer.from([0, 0, 0, 1, 0x65]), Buffer.alloc(500, 0xaa)]);

function request(data: Buffer, changes: Partial<KeyframeRequest> = {}): KeyframeRequest {
  const { width = 64, height = width, trial = false, sourceId = 1 } = changes;
  return { keyframe: data, followers: [], trial, sourceId, track, view: plainView, width, height };
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

  test('serve more shapes than there may be decoders', async () => {
    const data = keyframe(0x80);
    const frames = await Promise.all(
      [64, 80, 96, 112, 128, 144].map((width) => decoders.decode(request(data, { width }))),
    );
    expect(frames.map((frame) => frame.data.length)).toEqual(
      [64, 80, 96, 112, 128, 144].map((side) => side * side * 3),
    );
  });

  test('refuse a broken keyframe as soon as ffmpeg reports it, and serve the next room with the same decoder', async () => {
    const whole = keyframe(0x80);
    await decoders.decode(request(whole));
    const startMs = performance.now();
    const refused = decoders.decode(request(broken, { sourceId: 2 })).catch((error: Error) => error.message);
    const served = decoders.decode(request(whole)).then((frame) => middle(frame));
    expect(await refused).toContain('gave no frame');
    // sooner than the time after which a decoder that reports nothing is given up
    expect(performance.now() - startMs).toBeLessThan(5000);
    expect(Math.abs((await served) - 0x80)).toBeLessThan(25);
  });

  test('try a room whose camera is not known yet in a decoder of its own', async () => {
    await decoders.decode(request(keyframe(0x80)));
    // an SPS and no frame: nothing is reported, and the trial waits for one
    const silent = decoders.decode(request(Buffer.alloc(0), { sourceId: 3, trial: true })).catch(() => 'failed');
    const served = decoders.decode(request(keyframe(0x20))).then(() => 'served');
    expect(await Promise.race([silent, served])).toBe('served');
    expect(await silent).toBe('failed');
  });
});
