import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { probeClip, runFfmpeg } from '../ffmpeg.ts';
import { fileHash } from '../file-hash.ts';
import type { PacketSeen } from './movement-signal.ts';
import { PacketQuantiser } from './packet-quantiser.ts';

/** How a camera encodes. */
export interface Encoding {
  readonly title: string;
  readonly codec: 'h264' | 'hevc';
  /** Bits per pixel at a constant bit rate, or a constant quality. */
  readonly rate: { readonly bitsPerPixel: number } | { readonly crf: number };
}

/** Three rates each: 1080p25 at 2, 4 and 8 Mbit/s, and qualities that give about as much; and one of each kind in H.265. */
export const encodings: readonly Encoding[] = [
  { title: 'constant, low', codec: 'h264', rate: { bitsPerPixel: 0.04 } },
  { title: 'constant, medium', codec: 'h264', rate: { bitsPerPixel: 0.08 } },
  { title: 'constant, high', codec: 'h264', rate: { bitsPerPixel: 0.16 } },
  { title: 'variable, low', codec: 'h264', rate: { crf: 34 } },
  { title: 'variable, medium', codec: 'h264', rate: { crf: 29 } },
  { title: 'variable, high', codec: 'h264', rate: { crf: 24 } },
  { title: 'constant, H.265', codec: 'hevc', rate: { bitsPerPixel: 0.08 } },
  { title: 'variable, H.265', codec: 'hevc', rate: { crf: 29 } },
];

/** A clip as a camera shows it: how long its first and last frame are held, in which light, and how often it is repeated. */
export interface Shown {
  readonly path: string;
  readonly heldBefore: number;
  readonly heldAfter: number;
  readonly light: 'day' | 'night';
}

/** Keyframes are so far apart, s. */
const keyframeSeconds = 2;
/** Changes when the arguments of the encoder change. */
const version = 1;

/** Encodes a clip as a camera does. @returns its packets, with seconds since the beginning of the clip itself, and bits per second */
export async function encodedPackets(
  shown: Shown,
  encoding: Encoding,
  cacheFolder: string,
): Promise<{ readonly packets: readonly PacketSeen[]; readonly bitsPerSecond: number }> {
  const { width, height } = await probeClip(shown.path);
  const fps = await framesPerSecond(shown.path);
  const rate = 'crf' in encoding.rate ? `crf${encoding.rate.crf}` : `bpp${encoding.rate.bitsPerPixel}`;
  const name = `${fileHash(shown.path).slice(0, 12)}-${shown.heldBefore}-${shown.heldAfter}-${shown.light}-${rate}-v${version}`;
  const file = join(cacheFolder, 'movement', `${name}.${encoding.codec}`);
  if (!existsSync(file)) {
    await encode(shown, encoding, { file, fps, pixelsPerSecond: width * height * fps });
  }
  return readPackets(readFileSync(file), encoding.codec, { fps, heldBefore: shown.heldBefore });
}

async function framesPerSecond(path: string): Promise<number> {
  const { text } = await runFfmpeg(['-i', path]);
  const fps = Number(/([\d.]+) fps/.exec(text)?.[1]);
  if (!(fps > 0)) throw new Error(`ffmpeg reports no frame rate for ${path}.`);
  return fps;
}

async function encode(
  { path, heldBefore, heldAfter, light }: Shown,
  { codec, rate }: Encoding,
  { file, fps, pixelsPerSecond }: { readonly file: string; readonly fps: number; readonly pixelsPerSecond: number },
): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  const held = `tpad=start_mode=clone:start_duration=${heldBefore}:stop_mode=clone:stop_duration=${heldAfter}`;
  const lit =
    light === 'day'
      ? 'noise=all_seed=7:alls=6:allf=t'
      : "lutyuv=y='16+(val-16)/4':u=128:v=128,noise=all_seed=7:alls=18:allf=t";
  const kilobits = 'crf' in rate ? 0 : Math.round((rate.bitsPerPixel * pixelsPerSecond) / 1000);
  const spending =
    'crf' in rate
      ? ['-crf', `${rate.crf}`]
      : ['-b:v', `${kilobits}k`, '-maxrate', `${kilobits}k`, '-bufsize', `${kilobits}k`];
  const [library, metadata] = codec === 'h264' ? ['libx264', 'h264_metadata'] : ['libx265', 'hevc_metadata'];
  const coding = ['-c:v', library, '-preset', 'veryfast', '-tune', 'zerolatency', '-bf', '0', '-pix_fmt', 'yuv420p'];
  const keyframes = ['-g', `${Math.round(keyframeSeconds * fps)}`, '-sc_threshold', '0'];
  const output = ['-bsf:v', `${metadata}=aud=insert`, '-f', codec, part];
  const input = ['-y', '-v', 'error', '-threads', '1', '-i', path, '-an', '-vf', `${held},${lit}`];
  const args = [...input, ...coding, ...spending, ...keyframes, '-threads', '1', ...output];
  const { code, text } = await runFfmpeg(args);
  if (code !== 0) {
    rmSync(part, { force: true });
    throw new Error(`ffmpeg could not encode ${path}: ${text.trim().split('\n').at(-1)}`);
  }
  renameSync(part, file);
}

/** Access unit delimiters (H.264 9, H.265 35) begin each packet. */
const delimiters = { h264: Buffer.from([0, 0, 0, 1, 0x09]), hevc: Buffer.from([0, 0, 0, 1, 0x46, 0x01]) } as const;

/** Cuts a stream into its packets. */
export function cutPackets(data: Buffer, codec: Encoding['codec']): Buffer[] {
  const delimiter = delimiters[codec];
  const packets: Buffer[] = [];
  for (let from = data.indexOf(delimiter); from >= 0; ) {
    const next = data.indexOf(delimiter, from + delimiter.length);
    packets.push(data.subarray(from, next < 0 ? data.length : next));
    from = next;
  }
  return packets;
}

function readPackets(
  data: Buffer,
  codec: Encoding['codec'],
  { fps, heldBefore }: { readonly fps: number; readonly heldBefore: number },
): { packets: PacketSeen[]; bitsPerSecond: number } {
  const reader = new PacketQuantiser(codec);
  const perKeyframe = Math.round(keyframeSeconds * fps);
  const packets = cutPackets(data, codec).map((packet, count): PacketSeen => {
    const facts = reader.take(packet);
    if (facts === undefined) throw new Error(`The headers of packet ${count} cannot be read.`);
    return { ...facts, at: count / fps - heldBefore, key: count % perKeyframe === 0 };
  });
  return { packets, bitsPerSecond: (data.length * 8 * fps) / Math.max(1, packets.length) };
}
