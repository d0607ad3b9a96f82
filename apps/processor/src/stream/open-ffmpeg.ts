import type { Clock } from '@vigilia/service';
import { CameraMemory } from './camera-memory.ts';
import { clipPosition } from './clip-clock.ts';
import { clipDuration } from './clip-duration.ts';
import { clipPlaylist, ffmpegArgs } from './ffmpeg-args.ts';
import { FfmpegProcess } from './ffmpeg-process.ts';
import { checkInputArgs } from './input-args.ts';
import { learnFromEnd } from './learn-from-end.ts';
import { parseStreamAddress } from './parse-stream-address.ts';
import type { StreamProcess, StreamProcessEvents } from './restarting-process.ts';
import type { StreamSpec } from './stream-spec.ts';

export interface OpenFfmpegOptions {
  /** Path of ffmpeg (`find-ffmpeg.ts`). */
  readonly ffmpeg: string;
  readonly clock: Clock;
  /** The only folder that file addresses may name. */
  readonly mediaDir?: string | undefined;
  /** Since when clips have been playing in a loop, epoch ms; undefined: since now. Every reader sees the same moment. */
  readonly clipEpochMs?: number | undefined;
  /** What is known of the cameras; shared with the streams. */
  readonly cameras?: CameraMemory;
}

/**
 * Makes the function that starts an ffmpeg for a room. It rejects with `CommandError` (`invalid_params`,
 * `stream_unreachable`) or a plain error where the address can never be opened.
 */
export function createOpenFfmpeg(
  options: OpenFfmpegOptions,
): (spec: StreamSpec, events: StreamProcessEvents) => Promise<StreamProcess> {
  const { clipEpochMs = options.clock.now(), cameras = new CameraMemory() } = options;
  const lengths = new Map<string, Promise<number>>();
  const lengthOf = (path: string): Promise<number> => {
    let length = lengths.get(path);
    if (length === undefined) {
      length = clipDuration(options.ffmpeg, path);
      lengths.set(path, length);
      length.catch(() => lengths.delete(path));
    }
    return length;
  };

  return async (spec, events) => {
    const address = parseStreamAddress(spec.address, { mediaDir: options.mediaDir });
    const inputArgs = checkInputArgs(spec.inputArgs);
    const seconds = address.kind === 'file' ? await lengthOf(address.path) : undefined;
    const startSeconds = seconds === undefined ? undefined : clipPosition(options.clock.now(), clipEpochMs, seconds);
    const camera = cameras.of(spec.address);
    const network = address.kind !== 'file';
    const { decode, view, width, height } = spec;
    const process: FfmpegProcess = new FfmpegProcess({
      ffmpeg: options.ffmpeg,
      address: spec.address,
      args: ffmpegArgs({ address, decode, view, camera, width, height, inputArgs, startSeconds }),
      input: address.kind === 'file' && seconds !== undefined ? clipPlaylist(address.path, seconds) : undefined,
      frameBytes: width * height * 3,
      videoTrack: camera.videoTrack,
      onFrame: events.onFrame,
      onPacket: events.onPacket,
      onEnd: (trouble) => {
        const retryAtOnce = learnFromEnd(camera, { ...process.report(), network });
        events.onEnd(retryAtOnce ? { ...trouble, final: false, retryAtOnce } : trouble);
      },
    });
    await process.start();
    return process;
  };
}
