import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { childEnvironment, type Logger } from '@vigilia/service';

/** Ways to decode with a device, by the names of ffmpeg; `cpu` decodes without one. */
export const decoderPresets = ['cpu', 'vaapi', 'qsv', 'cuda', 'v4l2m2m'] as const;
export type DecoderPreset = (typeof decoderPresets)[number];

/** Input options of ffmpeg for a room; they are on the whitelist of `input-args.ts`. V4L2 decoders are made for one codec each. */
export const presetArgs: Readonly<Record<DecoderPreset, readonly string[]>> = {
  cpu: [],
  vaapi: ['-hwaccel', 'vaapi'],
  qsv: ['-hwaccel', 'qsv'],
  cuda: ['-hwaccel', 'cuda'],
  v4l2m2m: ['-c:v', 'h264_v4l2m2m'],
};

/** Three frames of H.264, 256 × 144 px, made with ffmpeg's own test picture. */
const probeFile = fileURLToPath(new URL('../../assets/decoder-probe.h264', import.meta.url));
const probeLimitMs = 15_000;

/**
 * Decodes a few frames with the preset. A device that is not there would otherwise show only in each room, and ffmpeg may go on
 * without it silently: the frames are therefore asked for in the memory of the device.
 * @returns why it cannot be used, undefined where it can
 */
function probeDecoder(ffmpeg: string, preset: DecoderPreset): Promise<string | undefined> {
  const [option = '', name = ''] = presetArgs[preset];
  const onDevice = option === '-hwaccel';
  const format = onDevice ? ['-hwaccel_output_format', name] : [];
  const filter = onDevice ? ['-vf', 'hwdownload,format=nv12'] : [];
  const input = [
    '-hide_banner',
    '-nostdin',
    '-v',
    'error',
    ...presetArgs[preset],
    ...format,
    '-f',
    'h264',
    '-i',
    probeFile,
  ];
  const args = [...input, ...filter, '-frames:v', '1', '-f', 'null', '-'];
  return new Promise((resolve) => {
    execFile(ffmpeg, args, { timeout: probeLimitMs, env: childEnvironment() }, (error, _stdout, stderr) => {
      if (error === null) return resolve(undefined);
      const lines = stderr.split('\n').filter((line) => line.trim() !== '');
      resolve(error.killed === true ? `no frame within ${probeLimitMs / 1000} s` : (lines[0] ?? error.message));
    });
  });
}

/** The preset if it works, `cpu` if it does not: then the log states why, and rooms are decoded as without it. */
export async function workingPreset(options: {
  readonly ffmpeg: string;
  readonly preset: DecoderPreset;
  readonly logger: Logger;
}): Promise<DecoderPreset> {
  const { ffmpeg, preset, logger } = options;
  if (preset === 'cpu') return preset;
  const reason = await probeDecoder(ffmpeg, preset);
  if (reason === undefined) {
    logger.info({ event: 'decoder_ready', decoder: preset }, 'rooms are decoded with a device');
    return preset;
  }
  const message = 'the decoder cannot be used here; rooms are decoded on the CPU';
  logger.warn({ event: 'decoder_unavailable', decoder: preset, reason }, message);
  return 'cpu';
}
