import { type CameraView, letterboxFilter } from '@vigilia/vision';
import type { CameraTraits } from './camera-memory.ts';
import type { StreamAddress } from './parse-stream-address.ts';
import type { DecodeMode } from './stream-spec.ts';

export interface FfmpegArgsOptions {
  readonly address: StreamAddress;
  readonly decode: DecodeMode;
  readonly view: CameraView;
  /** What is known of the camera. */
  readonly camera: Pick<CameraTraits, 'input' | 'videoTrack' | 'probeMs'>;
  /** Size of the model's input, px. */
  readonly width: number;
  readonly height: number;
  /** Whitelisted input options (`input-args.ts`). */
  readonly inputArgs: readonly string[];
  /** Files only: where in the clip to begin, seconds. */
  readonly startSeconds?: number | undefined;
}

/** A camera that is silent for this long makes ffmpeg end by itself, also when no processor is left to end it. */
const networkTimeoutSeconds = 10;

/** Child's file descriptor on which ffmpeg lists the packets that the camera sends. */
export const packetFd = 3;

/** Enough of a stream for its first frame, bytes: ffmpeg's own limit would end the patience with a rich stream. */
const probeBytes = 100_000_000;

/**
 * Returns ffmpeg's arguments for one room: rgb24 frames of `width × height` on standard output; for each of them, in the same
 * order, a line of the showinfo filter on standard error with the size of the camera's own frame and whether it is a keyframe;
 * and on `packetFd` a line for each packet of the track before it is decoded.
 * Files are read as an endless playlist from standard input (`clipPlaylist`), at the speed of a camera.
 */
export function ffmpegArgs(options: FfmpegArgsOptions): string[] {
  const { address, camera, decode, inputArgs } = options;
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'],
    ...probing(camera.probeMs),
    ...decoding(decode),
    ...inputOf(options),
    ...inputArgs,
    ...['-i', address.kind === 'file' ? 'pipe:0' : address.url],
    ...frames(options),
    ...packets(camera.videoTrack),
  ];
}

/**
 * Returns the arguments of an ffmpeg that receives a room's camera and decodes nothing: the bytes of the track's packets on standard
 * output, and on `packetFd` the lines that describe the track and each packet. `dump_extra` places parameter sets that came with the
 * session before each keyframe, so that the packets alone can be decoded. Files are read as in `ffmpegArgs`.
 */
export function receiverArgs(options: Omit<FfmpegArgsOptions, 'decode' | 'view' | 'width' | 'height'>): string[] {
  const { address, camera, inputArgs } = options;
  // a seek arrives at an earlier keyframe: packets of before the moment would be taken for the present
  const fromStart = address.kind === 'file' ? ['-copypriorss', '0'] : [];
  const complete = ['-bsf:v', 'dump_extra=freq=keyframe'];
  const copy = ['-map', `0:v:${camera.videoTrack}`, '-c:v', 'copy', '-copyinkf', ...fromStart, ...complete];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'],
    ...probing(camera.probeMs),
    ...['-threads', '1'],
    ...inputOf(options),
    ...inputArgs,
    ...['-i', address.kind === 'file' ? 'pipe:0' : address.url],
    // else time stamps are rounded to the frame rate, and each that is not new is complained about
    ...['-copytb', '1'],
    ...[...copy, '-f', 'data', '-flush_packets', '1', 'pipe:1'],
    ...[...copy, '-f', 'framecrc', '-flush_packets', '1', `pipe:${packetFd}`],
  ];
}

export interface DecoderArgsOptions {
  readonly view: CameraView;
  readonly width: number;
  readonly height: number;
  /** With one, a frame leaves as soon as its packet has come. */
  readonly threads: number;
  /** Least time between two frames, ms, by time stamps in ms; undefined: all frames. */
  readonly everyMs?: number | undefined;
}

/** Returns the arguments of an ffmpeg that decodes Matroska from standard input into frames as `ffmpegArgs` does, with the packets' time stamps. */
export function decoderArgs({ view, width, height, threads, everyMs }: DecoderArgsOptions): string[] {
  const chosen =
    everyMs === undefined ? '' : `select='isnan(prev_selected_pts)+gte(pts-prev_selected_pts\\,${everyMs})',`;
  const filter = `${chosen}showinfo=checksum=0,${letterboxFilter(width, height, view)}`;
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info', '-protocol_whitelist', 'pipe,fd'],
    ...['-fpsprobesize', '0', '-analyzeduration', '0', '-probesize', '32'],
    ...['-flags', 'low_delay', '-threads', String(threads), '-copyts', '-f', 'matroska', '-i', '-'],
    ...['-map', '0:v:0', '-vf', filter, '-fps_mode', 'passthrough', '-enc_time_base', '-1'],
    ...['-pix_fmt', 'rgb24', '-threads', '1', '-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** A stream is open as soon as its frame's size is known: to guess its rate, ffmpeg would wait for 20 frames. */
function probing(probeMs: number): string[] {
  return ['-fpsprobesize', '0', '-analyzeduration', String(probeMs * 1000), '-probesize', String(probeBytes)];
}

/**
 * `-skip_frame` must come before `-i`; a `fps` filter would run after the decoder and save nothing. `:u` means streams whose frame
 * size is known: while ffmpeg finds it out it may look at every frame, else it would wait for a keyframe to open a stream.
 */
function decoding(decode: DecodeMode): string[] {
  return decode === 'keyframes' ? ['-threads', '1', '-skip_frame:u', 'nokey'] : ['-threads', '2'];
}

/** What goes before `-i`; the room's own arguments come after these and win. */
function inputOf({
  address,
  camera,
  startSeconds,
}: Pick<FfmpegArgsOptions, 'address' | 'camera' | 'startSeconds'>): string[] {
  const timeout = String(networkTimeoutSeconds * 1_000_000);
  switch (address.kind) {
    case 'rtsp':
      return ['-protocol_whitelist', 'rtsp,rtp,udp,tcp,crypto', ...rtsp(timeout)];
    case 'rtsps':
      return ['-protocol_whitelist', 'rtsps,rtsp,rtp,srtp,tls,udp,tcp,crypto', ...rtsp(timeout)];
    case 'http':
    case 'https':
      return ['-protocol_whitelist', 'http,https,tls,tcp,crypto', ...httpInputs(camera.input, timeout)];
    case 'file':
      return [
        ...['-protocol_whitelist', 'file,pipe,fd', '-f', 'concat', '-safe', '0', '-re'],
        ...(startSeconds === undefined ? [] : ['-ss', startSeconds.toFixed(3)]),
      ];
  }
}

const rtsp = (timeout: string): string[] => [
  ...['-rtsp_transport', 'tcp', '-timeout', timeout],
  ...['-fflags', '+genpts+discardcorrupt', '-use_wallclock_as_timestamps', '1'],
];

/** A single JPEG is fetched once per second; its demuxer takes no timeout, so the reader of the frames notices silence. */
function httpInputs(input: CameraTraits['input'], timeout: string): string[] {
  switch (input) {
    case 'stream':
      return ['-rw_timeout', timeout];
    case 'mjpeg':
      return ['-rw_timeout', timeout, '-f', 'mjpeg'];
    case 'stills':
      return ['-f', 'image2', '-pattern_type', 'none', '-loop', '1', '-framerate', '1', '-re'];
  }
}

/**
 * Constant-rate output would repeat sparse keyframes to fill the gaps: `passthrough` gives each once. showinfo comes first,
 * where the frame still has the camera's size; without checksums it costs next to nothing. `-threads 1`: with more, ffmpeg's
 * encoder of raw video holds each frame back until the next one comes, which among keyframes is seconds later.
 */
function frames({ camera, width, height, view }: FfmpegArgsOptions): string[] {
  const filter = `showinfo=checksum=0,${letterboxFilter(width, height, view)}`;
  return [
    ...['-map', `0:v:${camera.videoTrack}`, '-vf', filter, '-fps_mode', 'passthrough'],
    ...['-pix_fmt', 'rgb24', '-threads', '1', '-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** Copied, not decoded: it costs nothing but the lines. `-copyinkf`: also before the first keyframe. */
function packets(videoTrack: number): string[] {
  const copy = ['-map', `0:v:${videoTrack}`, '-c:v', 'copy', '-copyinkf'];
  return [...copy, '-f', 'framecrc', '-flush_packets', '1', `pipe:${packetFd}`];
}

/** Long enough that the restart at its end is rare, short enough to be written at once. */
const playlistHours = 24;

/**
 * A playlist for ffmpeg's concat demuxer that repeats one clip. (`-stream_loop` after a seek loses the part before the
 * seek in each round, so the clip would no longer match the clock.)
 */
export function clipPlaylist(path: string, durationSeconds: number): string {
  const rounds = Math.min(5000, Math.ceil((playlistHours * 3600) / Math.max(durationSeconds, 1)) + 1);
  return `ffconcat version 1.0\n${`file 'file:${path.replaceAll("'", "'\\''")}'\n`.repeat(rounds)}`;
}
