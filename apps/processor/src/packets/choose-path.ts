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
