import { letterboxFilter } from '@vigilia/vision';
import type { DecodeMode } from '../watch/ports.ts';
import type { StreamAddress } from './stream-address.ts';

export interface FfmpegArgsOptions {
  readonly address: StreamAddress;
  readonly decode: DecodeMode;
  /** Size of the model's input, px. */
  readonly width: number;
  readonly height: number;
  /** Whitelisted input options (`input-args.ts`). */
  readonly inputArgs: readonly string[];
  /** Files only: where in the clip to begin, seconds. */
  readonly startSeconds?: number | undefined;
}

/** A camera that is silent for this long makes ffmpeg end by itself, also when nobody is left to end it. */
const networkTimeoutSeconds = 10;

/**
 * ffmpeg's arguments for one room: rgb24 pictures of `width × height` on standard output, and for each of them, in the same
 * order, a line of the showinfo filter on standard error with the size of the camera's own picture and whether it is a key frame.
 * Files are read as an endless playlist from standard input (`clipPlaylist`), at the speed of a camera.
 */
export function ffmpegArgs(options: FfmpegArgsOptions): string[] {
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'],
    ...decoderArgs(options.decode),
    ...inputOf(options),
    ...options.inputArgs,
    ...['-i', options.address.kind === 'file' ? 'pipe:0' : options.address.url],
    ...pictures(options.width, options.height),
  ];
}

/** `-skip_frame` must come before `-i`; a `fps` filter would run after the decoder and save nothing. */
function decoderArgs(decode: DecodeMode): string[] {
  return decode === 'keyframes' ? ['-threads', '1', '-skip_frame', 'nokey'] : ['-threads', '2'];
}

/** What goes before `-i`; the room's own arguments come after these and win. */
function inputOf({ address, startSeconds }: FfmpegArgsOptions): string[] {
  const timeout = String(networkTimeoutSeconds * 1_000_000);
  switch (address.kind) {
    case 'rtsp':
      return ['-protocol_whitelist', 'rtsp,rtp,udp,tcp,crypto', ...rtsp(timeout)];
    case 'rtsps':
      return ['-protocol_whitelist', 'rtsps,rtsp,rtp,srtp,tls,udp,tcp,crypto', ...rtsp(timeout)];
    case 'http':
    case 'https':
      return ['-protocol_whitelist', 'http,https,tls,tcp,crypto', '-rw_timeout', timeout];
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

/**
 * Constant-rate output would repeat sparse key frames to fill the gaps: `passthrough` gives each once. showinfo comes first,
 * where the picture still has the camera's size; without checksums it costs next to nothing.
 */
function pictures(width: number, height: number): string[] {
  const filter = `showinfo=checksum=0,${letterboxFilter(width, height)}`;
  return [
    ...['-map', '0:v:0', '-vf', filter, '-fps_mode', 'passthrough'],
    ...['-pix_fmt', 'rgb24', '-f', 'rawvideo', '-flush_packets', '1', 'pipe:1'],
  ];
}

/** Long enough that the restart at its end is rare, short enough to be written at once. */
const playlistHours = 24;

/**
 * A playlist for ffmpeg's concat demuxer that repeats one clip. (`-stream_loop` after a seek loses the part before the
 * seek in each round, so the clip would no longer be where the clock says.)
 */
export function clipPlaylist(path: string, durationSeconds: number): string {
  const rounds = Math.min(5000, Math.ceil((playlistHours * 3600) / Math.max(durationSeconds, 1)) + 1);
  return `ffconcat version 1.0\n${`file 'file:${path.replaceAll("'", "'\\''")}'\n`.repeat(rounds)}`;
}
