import type { Finding } from '@vigilia/protocol';
import { type FrameFault, judgeFrameQuality } from '@vigilia/vision';
import type { CameraSurvey, CameraToCheck } from './camera-survey.ts';

/** Keyframes further apart than this make a fall wait; 2 s is what cameras usually can. */
const longIntervalMs = 4000;
/** A room in which a fall is suspected is analysed at this rate, frames per second. */
const burstFps = 2;
/** Cameras are not exact. */
const rateTolerance = 0.85;
const smallPx = 240;
/** Shapes in which cameras see, either way up; 3 % off is rounding to whole blocks. */
const usualAspects = [16 / 9, 4 / 3, 9 / 16, 3 / 4];
const aspectTolerance = 0.03;

/** Returns what the camera sends, as one line and as figures. */
export function describeCamera(
  check: string,
  { facts, displayed, encoded, keyframeIntervalMs, fps, qualities }: CameraSurvey,
): Finding {
  const brightness = Math.round(Math.max(...qualities.map((one) => one.brightness)));
  const figures: Record<string, number | string> = { width: encoded.width, height: encoded.height, brightness };
  if (facts !== undefined) {
    figures.codec = facts.codec;
  }
  if (fps !== undefined) {
    figures.stream_fps = rounded(fps);
  }
  if (facts?.fps !== undefined) {
    figures.declared_fps = facts.fps;
  }
  if (keyframeIntervalMs !== undefined && Number.isFinite(keyframeIntervalMs)) {
    figures.keyframe_interval_ms = Math.round(keyframeIntervalMs);
    figures.keyframe_fps = rounded(1000 / keyframeIntervalMs);
  }
  const shown = displayed.width === encoded.width && displayed.height === encoded.height;
  const parts = [
    facts?.codec,
    `${encoded.width} × ${encoded.height}${shown ? '' : ` shown as ${displayed.width} × ${displayed.height}`}`,
    fps === undefined ? undefined : `${rounded(fps)} frames per second`,
    keyframeText(keyframeIntervalMs),
    `brightness ${brightness} of 255`,
  ];
  return { check, result: 'ok', detail: parts.filter((part) => part !== undefined).join(', '), figures };
}

function keyframeText(intervalMs: number | undefined): string {
  if (intervalMs === undefined) return 'no second keyframe within 15 s';
  if (!Number.isFinite(intervalMs)) return 'no keyframe that can be decoded alone';
  return `a keyframe every ${(intervalMs / 1000).toFixed(1)} s (cheap up to ${rounded(1000 / intervalMs)} frames per second)`;
}

/** Returns why nothing can be seen in the picture: where none of the frames shows anything. */
export function frameFault({ qualities }: CameraSurvey): FrameFault | undefined {
  const judged = qualities.map((quality) => judgeFrameQuality(quality, undefined));
  return judged.every((one) => one !== undefined) ? judged[0] : undefined;
}

/** Returns the findings that need no model: darkness, a cover, the shape of the picture, its size, keyframes and rate. Pure. */
export function judgeCamera(check: string, camera: CameraToCheck, survey: CameraSurvey): Finding[] {
  return [
    judgeFrameFault(check, camera, survey),
    judgeAspect(check, camera, survey),
    judgeSize(check, survey),
    judgeKeyframes(check, survey),
    judgeRate(check, camera, survey),
  ].filter((finding) => finding !== undefined);
}

function judgeFrameFault(check: string, { sourceId }: CameraToCheck, survey: CameraSurvey): Finding | undefined {
  const sight = frameFault(survey);
  if (sight === undefined) return undefined;
  const result = 'warning';
  const again = `Then run "vigilia doctor --rooms ${sourceId}" again.`;
  if (sight === 'dark') {
    const detail = 'the picture is too dark or too noisy to see by; the room is reported as blind';
    const remedy = `Switch the infrared light of the camera on (day/night mode "auto"), or add a lamp. ${again}`;
    return { check, result, code: 'picture_dark', detail, remedy };
  }
  const detail = 'the picture shows nothing; the room is reported as blind';
  const remedy = `Remove what covers the lens, clean it, or point the camera into the room. ${again}`;
  return { check, result, code: 'picture_covered', detail, remedy };
}

/** An aspect that is set counts as checked by a person. */
function judgeAspect(check: string, { sourceId, view }: CameraToCheck, { encoded }: CameraSurvey): Finding | undefined {
  const { width, height, sar } = encoded;
  const aspect = (width * sar) / height;
  if (view.aspect !== undefined) return undefined;
  if (usualAspects.some((usual) => Math.abs(aspect / usual - 1) <= aspectTolerance)) return undefined;
  const shown = ratioText(Math.round(width * sar), height);
  const flag = Math.abs(sar - 1) < 0.001 ? 'does not flag another shape' : `flags it as ${shown}`;
  return {
    check,
    result: 'warning',
    code: 'picture_squeezed',
    detail: `the picture is ${width} × ${height} and the stream ${flag}: cameras see in 16:9 or 4:3, so it is probably squeezed`,
    remedy: `Set the shape in which the camera shows its picture elsewhere: ${setCamera(sourceId, 'aspect=16:9')} (or 4:3). If ${shown} is right, confirm it with aspect=${shown}.`,
    figures: { width, height, sar: rounded(sar) },
  };
}

function judgeSize(check: string, { encoded }: CameraSurvey): Finding | undefined {
  if (Math.min(encoded.width, encoded.height) >= smallPx) return undefined;
  return {
    check,
    result: 'warning',
    code: 'picture_small',
    detail: `the picture is only ${encoded.width} × ${encoded.height}`,
    remedy: 'Use the larger of the streams of the camera, 640 × 360 or more: change its address in go2rtc.yaml.',
  };
}

function judgeKeyframes(check: string, { keyframeIntervalMs, fps }: CameraSurvey): Finding | undefined {
  if ((keyframeIntervalMs ?? Number.POSITIVE_INFINITY) <= longIntervalMs) return undefined;
  const frames = fps === undefined ? '' : ` (${Math.max(1, Math.round(2 * fps))} frames at this rate)`;
  return {
    check,
    result: 'warning',
    code: 'keyframes_rare',
    detail: `${keyframeText(keyframeIntervalMs)}: every frame has to be decoded, and after a reconnect the room is blind until the next one`,
    remedy: `Set the keyframe interval (I-frame interval, GOP) of the camera to 2 s or less${frames}, and turn off "smart codec", "H.264+", open GOP and intra refresh: decoding only keyframes is 20 times cheaper.`,
  };
}

function judgeRate(check: string, { sourceId, maxFps }: CameraToCheck, { fps }: CameraSurvey): Finding | undefined {
  const wanted = Math.max(maxFps, burstFps);
  if (fps === undefined || fps >= wanted * rateTolerance) return undefined;
  const lower =
    fps < maxFps
      ? ` Or lower the wanted rate: vigilia send set_fps --param source_id=${sourceId} --param max_fps=${rounded(fps)}.`
      : '';
  return {
    check,
    result: 'warning',
    code: 'frame_rate_low',
    detail: `the camera sends ${rounded(fps)} frames per second; ${rounded(wanted)} are wanted${maxFps < burstFps ? ' while a fall is suspected' : ''}`,
    remedy: `Set the frame rate of the camera to 5 or more. A snapshot address gives one frame per second: use the RTSP address instead.${lower}`,
    figures: { stream_fps: rounded(fps) },
  };
}

/** Returns the command that corrects a room's picture. */
export function setCamera(sourceId: number, param: string): string {
  return `vigilia send set_camera --param source_id=${sourceId} --param ${param}`;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** `352:288` → `11:9`. */
function ratioText(width: number, height: number): string {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  const common = divisor(width, height);
  return `${width / common}:${height / common}`;
}
