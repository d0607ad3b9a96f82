import { execFile } from 'node:child_process';
import { childEnvironment } from '@vigilia/service';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { parseStreamAddress } from '../stream/parse-stream-address.ts';

/** A camera's description of its stream, before a frame is decoded. */
export interface StreamFacts {
  /** `h264`, `hevc`, `mjpeg` … */
  readonly codec: string;
  /** Of the stream as it is sent, frames per second; undefined where the camera does not report it. */
  readonly fps: number | undefined;
}

const limitMs = 15_000;
const limitUs = '10000000';

/** Opens the stream, reads its description and lets go of it; undefined when there is no video to be seen. */
export async function probeStream(address: string, mediaDir: string | undefined): Promise<StreamFacts | undefined> {
  const { kind, ...rest } = parseStreamAddress(address, { mediaDir });
  const input = 'url' in rest ? rest.url : rest.path;
  const args = ['-hide_banner', '-nostdin', ...inputArgs(kind), '-i', input];
  return new Promise((resolve) => {
    // without an output ffmpeg ends after the description, with an error that reports it
    const options = { timeout: limitMs, env: childEnvironment() };
    execFile(findFfmpeg(), args, options, (_error, _stdout, stderr) => resolve(streamFacts(stderr)));
  });
}

function inputArgs(kind: string): string[] {
  if (kind === 'rtsp')
    return ['-protocol_whitelist', 'rtsp,rtp,udp,tcp,crypto', '-rtsp_transport', 'tcp', '-timeout', limitUs];
  if (kind === 'rtsps')
    return [
      '-protocol_whitelist',
      'rtsps,rtsp,rtp,srtp,tls,udp,tcp,crypto',
      '-rtsp_transport',
      'tcp',
      '-timeout',
      limitUs,
    ];
  if (kind === 'file') return ['-protocol_whitelist', 'file'];
  return ['-protocol_whitelist', 'http,https,tls,tcp,crypto', '-rw_timeout', limitUs];
}

/**
 * Of ffmpeg's description of an input (libavformat/dump.c):
 * `Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 640x480, 86 kb/s, 10 fps, 10 tbr …`.
 */
export function streamFacts(description: string): StreamFacts | undefined {
  const line = description.split('\n').find((one) => /Stream #0:\d+.*: Video: /.test(one));
  const codec = /: Video: (\w+)/.exec(line ?? '')?.[1];
  if (codec === undefined) return undefined;
  const fps = /, ([\d.]+k?) fps\b/.exec(line ?? '')?.[1];
  return { codec, fps: fps === undefined ? undefined : Number(fps.replace('k', '000')) };
}
