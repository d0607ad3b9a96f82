import type { FrameInfo } from '../stream/ffmpeg-messages.ts';
import type { SentFrame } from '../stream/ffmpeg-process.ts';
import type { StreamProcessEvents } from '../stream/restarting-process.ts';
import type { StreamSpec } from '../stream/stream-spec.ts';
import type { CameraSession } from './camera-session.ts';
import type { Packet } from './packet.ts';

/** Makes frames of the packets of a session, for one stream. */
export interface FrameMaker {
  /** Whether packets are wanted as they come, not several at a time. */
  readonly needsPacketsAtOnce: boolean;
  /** Begins with what is kept. */
  start(): void;
  /** A packet came. */
  packet(packet: Packet): void;
  /** The newest frame is wanted now, where not all are decoded. */
  showNewest(): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

export interface FrameMakerOptions {
  readonly session: CameraSession;
  readonly spec: StreamSpec;
  readonly events: StreamProcessEvents;
}

/** Returns the description of a frame together with when and how it was sent. */
export function sentFrame({ width, height, sar, key }: FrameInfo, codec: string, receivedMs: number): SentFrame {
  return { width, height, sar, key, codec, receivedMs };
}
