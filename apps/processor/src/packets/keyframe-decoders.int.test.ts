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

function request(data: Buffer, changes: Partial<KeyframeRequest> = {}): KeyframeRequest {
  const size = changes.width ?? 64;
  return { keyframe: data, track, view: plainView, width: size, height: size, isolatedRoom: changes.isolatedRoom };
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

  test('do not let the broken keyframes of one room delay the others', async () => {
    const whole = keyframe(0x80);
    const broken = Buffer.concat([Buffer.from([0, 0, 0, 1, 0x65]), Buffer.alloc(500, 0xaa)]);
    await decoders.decode(request(whole));
    await expect(decoders.decode(request(broken))).rejects.toThrow('gave no frame');
    const stillBroken = decoders.decode(request(broken, { isolatedRoom: 3 })).catch(() => 'failed');
    const served = decoders.decode(request(whole)).then(() => 'served');
    expect(await Promise.race([stillBroken, served])).toBe('served');
    expect(await stillBroken).toBe('failed');
  });
});
