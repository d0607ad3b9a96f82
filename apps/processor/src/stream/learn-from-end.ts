import { type CameraTraits, patientProbeMs, usualProbeMs } from './camera-memory.ts';

/** What one ffmpeg has seen of a camera until its end. */
export interface StreamReport {
  readonly network: boolean;
  /** Name of ffmpeg's demuxer; undefined when the input was never opened. */
  readonly format: string | undefined;
  /** The video tracks in their order: whether the size of each is known. */
  readonly videoTracks: readonly boolean[];
  readonly packets: number;
  readonly frames: number;
  readonly errors: readonly string[];
}

/**
 * Changes what is known of a camera by what an ffmpeg saw of it.
 * @returns whether the next attempt is another one than this was, and so worth being made at once.
 */
export function learnFromEnd(camera: CameraTraits, report: StreamReport): boolean {
  if (report.network && isSingleImage(report) && camera.input === 'stream') {
    camera.input = 'stills';
    return true;
  }
  if (report.frames > 0) return false;
  return learnTrack(camera, report) || learnProbe(camera, report) || learnInput(camera, report);
}

function isSingleImage({ format = '' }: StreamReport): boolean {
  return format === 'image2' || format.endsWith('_pipe');
}

/** A track that never sends has no size, or no packets; another one may send. */
function learnTrack(camera: CameraTraits, { videoTracks, packets }: StreamReport): boolean {
  if (videoTracks.length === 1 && camera.videoTrack > 0) {
    camera.videoTrack = 0;
    return true;
  }
  if (videoTracks.length < 2 || packets > 0) return false;
  const order = videoTracks.map((_, index) => (camera.videoTrack + 1 + index) % videoTracks.length);
  const next = order.find((track) => videoTracks[track] === true);
  if (next === undefined || next === camera.videoTrack) return false;
  camera.videoTrack = next;
  return true;
}

function learnProbe(camera: CameraTraits, { videoTracks }: StreamReport): boolean {
  if (videoTracks.length !== 1 || videoTracks[0] === true || camera.probeMs > usualProbeMs) return false;
  camera.probeMs = patientProbeMs;
  return true;
}

/** Some cameras leave out the first boundary of a multipart stream: the frames can be found without any. */
function learnInput(camera: CameraTraits, { network, format, errors }: StreamReport): boolean {
  if (!network) return false;
  const unreadable = format === undefined && errors.some((line) => /Invalid data found/.test(line));
  const before = camera.input;
  camera.input = before === 'stream' && unreadable ? 'mjpeg' : 'stream';
  return before === 'stream' && camera.input === 'mjpeg';
}
