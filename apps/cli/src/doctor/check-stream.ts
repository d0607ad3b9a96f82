import { createOpenFfmpeg, FfmpegRoomStream, type Frame, findFfmpeg, type RoomStream } from '@vigilia/processor';
import { createLogger, redactUrl, systemClock } from '@vigilia/service';
import { examine, type Finding } from './finding.ts';
import { probeStream, type StreamFacts } from './probe-stream.ts';

/** Keyframes further apart than this make a fall wait; 2 s is what cameras usually can. */
const longIntervalMs = 4000;
/** Mean of the picture, 0..255, under which little can be seen. */
const dark = 25;

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
      return judge(check, { frame, facts, intervalMs: await keyframeInterval(stream) });
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

interface Seen {
  readonly frame: Frame;
  readonly facts: StreamFacts | undefined;
  readonly intervalMs: number | undefined;
}

function judge(check: string, { frame, facts, intervalMs }: Seen): Finding {
  const { width, height } = frame.source;
  const brightness = meanOfPicture(frame);
  const fps = intervalMs === undefined ? undefined : Math.round(100_000 / intervalMs) / 100;
  const figures = {
    width,
    height,
    brightness: Math.round(brightness),
    ...(facts === undefined ? {} : { codec: facts.codec }),
    ...(facts?.fps === undefined ? {} : { stream_fps: facts.fps }),
    ...(intervalMs === undefined ? {} : { keyframe_interval_ms: Math.round(intervalMs) }),
    ...(fps === undefined ? {} : { keyframe_fps: fps }),
  };
  const keyframes =
    intervalMs === undefined
      ? 'no second keyframe within 15 s'
      : `a keyframe every ${(intervalMs / 1000).toFixed(1)} s (cheap up to ${fps} frames a second)`;
  const sent = [
    facts?.codec,
    `${width} × ${height}`,
    facts?.fps === undefined ? undefined : `${facts.fps} frames a second`,
  ];
  const detail = [...sent, keyframes, `brightness ${figures.brightness} of 255`]
    .filter((part) => part !== undefined)
    .join(', ');
  const advice = adviceOn({ width, height, brightness, intervalMs });
  if (advice.length === 0) return { check, result: 'ok', detail, figures };
  return { check, result: 'warning', detail, remedy: advice.join(' '), figures };
}

function adviceOn(seen: {
  width: number;
  height: number;
  brightness: number;
  intervalMs: number | undefined;
}): string[] {
  return [
    ...(seen.brightness < dark ? ['The picture is dark: switch the infrared light on or add a lamp.'] : []),
    ...((seen.intervalMs ?? Number.POSITIVE_INFINITY) > longIntervalMs
      ? ['Set the camera’s keyframe (I-frame) interval to 2 s or less: decoding only keyframes is 20 times cheaper.']
      : []),
    ...(Math.min(seen.width, seen.height) < 240
      ? ['The picture is small: choose the larger of the camera’s streams.']
      : []),
  ];
}

/** Mean brightness of the picture without the letterbox around it, 0..255. */
function meanOfPicture({ data, width, height, source }: Frame): number {
  const scale = Math.min(width / source.width, height / source.height);
  const rows = Math.round(source.height * scale);
  const columns = Math.round(source.width * scale);
  const top = (height - rows) >> 1;
  const left = (width - columns) >> 1;
  let sum = 0;
  for (let y = top; y < top + rows; y++) {
    for (let x = left; x < left + columns; x++) {
      const at = (y * width + x) * 3;
      sum += ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
    }
  }
  return sum / (rows * columns);
}
