import { type Clock, type Logger, systemClock } from '@vigilia/service';
import { silentLogger } from '@vigilia/testing';
import type { RtspReader } from '../packets/choose-path.ts';
import { createOpenPackets, type OpenProcess } from '../packets/open-packets.ts';
import { CameraMemory } from '../stream/camera-memory.ts';
import { findFfmpeg } from '../stream/find-ffmpeg.ts';
import { createOpenFfmpeg } from '../stream/open-ffmpeg.ts';

export const cameraPaths = ['packets', 'frames'] as const;
export type CameraPath = (typeof cameraPaths)[number];

/** The function that opens cameras as the processor does, or, with `frames`, as it does where packets are not kept. */
export function openCamera(options: {
  readonly path?: CameraPath;
  readonly clock?: Clock;
  readonly mediaDir?: string | undefined;
  readonly clipEpochMs?: number | undefined;
  readonly cameras?: CameraMemory;
  /** Another program than the machine's ffmpeg. */
  readonly ffmpeg?: string;
  readonly logger?: Logger;
  readonly rtspReader?: RtspReader;
  /** Bytes of packets that are kept of a room. */
  readonly roomBytes?: number;
}): OpenProcess {
  const { path = 'packets', clock = systemClock, mediaDir, clipEpochMs, cameras = new CameraMemory() } = options;
  const { ffmpeg = findFfmpeg(), logger = silentLogger(), roomBytes = 64_000_000, rtspReader = 'ffmpeg' } = options;
  const openFrames = createOpenFfmpeg({ ffmpeg, clock, mediaDir, clipEpochMs, cameras });
  if (path === 'frames') return openFrames;
  const limits = { seconds: 45, roomBytes, totalBytes: 256_000_000 };
  return createOpenPackets({ ffmpeg, clock, logger, mediaDir, clipEpochMs, cameras, limits, rtspReader, openFrames });
}
