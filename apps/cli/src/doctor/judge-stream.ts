import type { Frame } from '@vigilia/processor';
import type { Finding } from './finding.ts';
import type { StreamFacts } from './probe-stream.ts';

/** Keyframes further apart than this make a fall wait; 2 s is what cameras usually can. */
const longIntervalMs = 4000;
/** Mean of the picture, 0..255, under which little can be seen. */
const dark = 25;

/** What was seen of a room's stream. */
export interface StreamSeen {
  readonly frame: Pick<Frame, 'data' | 'width' | 'height' | 'source'>;
  readonly facts: StreamFacts | undefined;
  readonly intervalMs: number | undefined;
}

/** The finding, with advice on everything that makes falls harder to see. Pure. */
export function judgeStream(check: string, { frame, facts, intervalMs }: StreamSeen): Finding {
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
function meanOfPicture({ data, width, height, source }: StreamSeen['frame']): number {
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
