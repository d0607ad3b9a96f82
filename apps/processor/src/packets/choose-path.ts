import type { StreamAddress } from '../stream/parse-stream-address.ts';

/** Options that concern the decoder, which is another process where packets are kept. */
const decoderOptions = ['-hwaccel', '-hwaccel_device', '-hwaccel_output_format', '-c:v'];

export const noBeginning = 'the camera sends no keyframe with which decoding can begin';

/**
 * Decides how a camera is received: `packets`, received without decoding and decoded on demand; or `frames`, received and decoded by
 * one ffmpeg, which is the way of other codecs, of hardware decoders and of cameras whose packets are of no use.
 */
export function choosePath(camera: {
  readonly inputArgs: readonly string[];
  /** A codec whose packets cannot be kept; undefined: none was found. */
  readonly foreignCodec: string | undefined;
  /** No packet came with which decoding can begin. */
  readonly neverBegins: boolean;
}): { readonly path: 'packets' } | { readonly path: 'frames'; readonly reason: string } {
  const option = camera.inputArgs.find((arg) => decoderOptions.includes(arg));
  if (option !== undefined) return { path: 'frames', reason: `the input argument ${option} is for a decoder` };
  const { foreignCodec, neverBegins } = camera;
  if (foreignCodec !== undefined)
    return { path: 'frames', reason: `packets of the codec ${foreignCodec} are not kept` };
  return neverBegins ? { path: 'frames', reason: noBeginning } : { path: 'packets' };
}

/** What receives RTSP cameras: the processor's own reader, or one ffmpeg per camera. */
export const rtspReaders = ['own', 'ffmpeg'] as const;
export type RtspReader = (typeof rtspReaders)[number];

/** Decides what receives the packets of a camera. Input arguments are ffmpeg's, and so is everything but RTSP. */
export function chooseReader(camera: {
  readonly rtspReader: RtspReader;
  readonly kind: StreamAddress['kind'];
  readonly inputArgs: readonly string[];
  /** The own reader failed with it. */
  readonly givenUp: boolean;
}): RtspReader {
  const { rtspReader, kind, inputArgs, givenUp } = camera;
  const isRtsp = kind === 'rtsp' || kind === 'rtsps';
  return isRtsp && inputArgs.length === 0 && !givenUp ? rtspReader : 'ffmpeg';
}
