import { createLogger, systemClock } from '@vigilia/service';
import { frameQuality } from '@vigilia/vision';
import { CameraMemory } from '../stream/camera-memory.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import type { Frame } from '../stream/frame.ts';
import { createOpenFfmpeg } from '../stream/open-ffmpeg.ts';
import { FfmpegRoomStream, type RoomStream } from '../stream/room-stream.ts';
import type { CameraSurvey, CameraToCheck } from './camera-survey.ts';
import { PacketRate } from './packet-rate.ts';
import { probeStream } from './probe-stream.ts';

/** Large enough for the input of every usual model, px. */
const frameSide = 640;
/** A frame is kept this often, ms, and so many of them. */
const sampleEveryMs = 2000;
const mostSamples = 3;
/** A camera that sends nothing is given up after this time, ms; one that sends, but no keyframe yet, after the second. */
const silentLimitMs = 15_000;
const barrenLimitMs = 60_000;
/** The keyframe interval is measured for this long at most, ms, and over this many intervals. */
const measureMs = 15_000;
const intervals = 5;
/** Frames are counted for this long at least, ms. */
const leastMeasureMs = 4500;

export interface SurveyOptions {
  readonly mediaDir: string | undefined;
  /** `silentLimitMs` unless given. */
  readonly limitMs?: number | undefined;
  /** Ends the check early. */
  readonly signal?: AbortSignal | undefined;
}

/** Opens a camera as a room does, and measures what comes. The frames are some seconds apart. */
export async function surveyCamera(
  camera: CameraToCheck,
  { mediaDir, limitMs = silentLimitMs, signal }: SurveyOptions,
): Promise<{ readonly survey: CameraSurvey; readonly frames: readonly Frame[] }> {
  const { address } = camera;
  // before the stream is opened: some cameras refuse a second session
  const facts = await probeStream(address, mediaDir);
  const rate = new PacketRate();
  const stream = openStream(camera, mediaDir, rate);
  const samples = new Samples();
  stream.listen({ frame: (frame) => samples.take(frame), blindness: () => undefined });
  stream.start();
  try {
    await firstFrame(stream, limitMs, signal);
    const keyframeIntervalMs = await measureKeyframes(stream, signal);
    const { frames } = samples;
    const [frame] = frames;
    if (frame === undefined || stream.encoded === undefined) throw new Error('the camera gave no frame');
    const qualities = frames.map((one) => frameQuality(one, one.displayed));
    const { encoded } = stream;
    const survey = { facts, encoded, displayed: frame.displayed, keyframeIntervalMs, fps: rate.perSecond, qualities };
    return { survey, frames };
  } finally {
    await stream.stop();
  }
}

function openStream(camera: CameraToCheck, mediaDir: string | undefined, rate: PacketRate): FfmpegRoomStream {
  const clock = systemClock;
  const cameras = new CameraMemory();
  const open = createOpenFfmpeg({ ffmpeg: findFfmpeg(), clock, mediaDir, clipEpochMs: clock.now(), cameras });
  return new FfmpegRoomStream({
    spec: {
      sourceId: camera.sourceId,
      address: camera.address,
      decode: 'keyframes',
      mayDecodeAll: true,
      view: camera.view,
      width: frameSide,
      height: frameSide,
      inputArgs: [],
      frozenAfterSeconds: 0,
    },
    clock,
    logger: createLogger({ logger: 'vigilia.camera-check', instanceId: 'camera-check', level: 'silent' }),
    camera: cameras.of(camera.address),
    open: (spec, events) => {
      rate.restart();
      return open(spec, {
        onFrame: (data, picture) => events.onFrame(data, picture),
        onPacket: (key) => {
          rate.packet(clock.monotonic());
          events.onPacket(key);
        },
        onEnd: (trouble) => events.onEnd(trouble),
        wantsKeyframe: () => events.wantsKeyframe(),
        onUnwantedKeyframe: () => events.onUnwantedKeyframe(),
        onKeyframesFail: (retryMs) => events.onKeyframesFail(retryMs),
      });
    },
  });
}

/** The first frame and later ones; their buffers are copied, because the stream uses them again. */
class Samples {
  readonly frames: Frame[] = [];

  take(frame: Frame): void {
    const last = this.frames.at(-1);
    if (this.frames.length >= mostSamples) return;
    if (last !== undefined && frame.monotonicMs - last.monotonicMs < sampleEveryMs) return;
    const { sourceId, width, height, displayed, sequence, wallMs, monotonicMs } = frame;
    const data = Uint8Array.from(frame.data);
    this.frames.push({ sourceId, data, width, height, displayed, sequence, wallMs, monotonicMs });
  }
}

/** Waits longer for a camera that sends, but no keyframe yet: long groups of pictures. */
async function firstFrame(stream: RoomStream, limitMs: number, ended?: AbortSignal): Promise<void> {
  const limit = new AbortController();
  const startMs = systemClock.monotonic();
  const watch = setInterval(() => {
    const waitedMs = systemClock.monotonic() - startMs;
    if (ended?.aborted || waitedMs >= (stream.receiving() ? Math.max(limitMs, barrenLimitMs) : limitMs)) {
      limit.abort();
    }
  }, 100);
  try {
    await stream.firstFrame(limit.signal);
  } finally {
    clearInterval(watch);
  }
}

/** Listens for five more keyframes after the first measure, which hangs on two of them. */
async function measureKeyframes(stream: RoomStream, ended?: AbortSignal): Promise<number | undefined> {
  const startMs = systemClock.monotonic();
  let enoughMs = measureMs;
  while (systemClock.monotonic() - startMs < enoughMs) {
    ended?.throwIfAborted();
    const interval = stream.keyframeIntervalMs();
    if (interval !== undefined && enoughMs === measureMs) {
      const untilMs = systemClock.monotonic() - startMs + intervals * interval;
      enoughMs = Math.min(measureMs, Math.max(leastMeasureMs, untilMs));
    }
    await systemClock.sleep(100);
  }
  return stream.keyframeIntervalMs();
}
