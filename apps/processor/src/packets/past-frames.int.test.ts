import { execFileSync } from 'node:child_process';
import { systemClock } from '@vigilia/service';
import { requires } from '@vigilia/testing';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { PacketBlock } from '../stream/packet-blocks.ts';
import { usualSpec } from '../test-support/usual-spec.ts';
import type { CameraSession } from './camera-session.ts';
import type { KeptTrack } from './decoder-process.ts';
import { pastFrames } from './past-frames.ts';

const side = 1280;
const track: KeptTrack = { codec: 'mjpeg', width: side, height: 720, sar: '1/1' };
/** Half a minute at 4 frames per second. */
const count = 120;

requires('ffmpeg')('frames of the past that are taken slowly', () => {
  test('wait in the decoder, not in the memory of the processor, and none is lost', async () => {
    const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${side}x720:rate=1:duration=1`, '-frames:v', '1'];
    const jpeg = execFileSync(findFfmpeg(), ['-v', 'error', ...picture, '-c:v', 'mjpeg', '-f', 'mjpeg', '-']);
    let inUse = 0;
    const packets = Array.from({ length: count }, (_, index) => {
      const block = new PacketBlock(jpeg.length, () => inUse--);
      block.use();
      inUse++;
      return { data: jpeg, block, key: true, receivedMs: 1000 + index * 250 };
    });
    const session = { track, ring: { packets } } as unknown as CameraSession;
    const spec = usualSpec('rtsp://cam/2', { width: side, height: side });
    const request = { afterMs: 900, untilMs: 99_000, fps: 4, signal: AbortSignal.timeout(120_000) };
    const before = process.memoryUsage().arrayBuffers;
    let [frames, mostBytes] = [0, 0];
    for await (const frame of pastFrames({ ffmpeg: findFfmpeg(), clock: systemClock, session, spec, request })) {
      frames += 1;
      expect(frame.monotonicMs).toBe(1000 + (frames - 1) * 250);
      if (frames > 2) continue;
      // the decoder has the time for all of them
      await systemClock.sleep(3000);
      mostBytes = Math.max(mostBytes, process.memoryUsage().arrayBuffers - before);
    }
    expect(frames).toBe(count);
    // a frame takes 5 MB; three are the reader's, two wait
    expect(mostBytes).toBeLessThan(50_000_000);
    for (const { block } of packets) {
      block.release();
    }
    expect(inUse).toBe(0);
  });
});
