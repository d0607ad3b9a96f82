import { createOpenFfmpeg, FfmpegRoomStream, findFfmpeg, type RoomStream } from '@vigilia/processor';
import { createLogger, redactUrl, systemClock } from '@vigilia/service';
import { plainView } from '@vigilia/vision';
import { examine, type Finding } from './finding.ts';
import { judgeStream } from './judge-stream.ts';
import { probeStream } from './probe-stream.ts';

/** One room's camera as a processor opens it: codec, picture size, rate, keyframe interval, darkness, and advice. */
export function checkStream(o: {
  sourceId: number;
  address: string;
  mediaDir: string | undefined;
  limitMs?: number;
}): Promise<Finding> {
  const check = `room ${o.sourceId}`;
  const remedy = `Check the camera and its entry in go2rtc; the address is ${redactUrl(o.address)}.`;
  return examine(check, remedy, async () => {
    const clock = systemClock;
    // before the stream is opened: some cameras refuse a second session
    const facts = await probeStream(o.address, o.mediaDir);
    const stream = new FfmpegRoomStream({
      spec: {
        sourceId: o.sourceId,
        address: o.address,
        decode: 'keyframes',
        mayDecodeAll: true,
        view: plainView,
        width: 320,
        height: 320,
        inputArgs: [],
        frozenAfterSeconds: 0,
      },
      clock,
      logger: createLogger({ logger: 'vigilia.doctor', instanceId: 'cli', level: 'silent' }),
      open: createOpenFfmpeg({ ffmpeg: findFfmpeg(), clock, mediaDir: o.mediaDir, clipEpochMs: clock.now() }),
    });
    stream.start();
    try {
      const frame = await stream.firstFrame(AbortSignal.timeout(o.limitMs ?? 15_000));
      return judgeStream(check, { frame, facts, intervalMs: await keyframeInterval(stream) });
    } finally {
      await stream.stop();
    }
  });
}

/** Listens for five more keyframes after the first measure, which hangs on two of them; at most 15 s in all. */
async function keyframeInterval(stream: RoomStream): Promise<number | undefined> {
  const startMs = systemClock.monotonic();
  let enoughMs = 15_000;
  while (systemClock.monotonic() - startMs < enoughMs) {
    const interval = stream.keyframeIntervalMs();
    if (interval !== undefined && enoughMs === 15_000) {
      enoughMs = Math.min(15_000, systemClock.monotonic() - startMs + 5 * interval);
    }
    await systemClock.sleep(100);
  }
  return stream.keyframeIntervalMs();
}
