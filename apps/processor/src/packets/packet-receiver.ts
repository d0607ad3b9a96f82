import type { Trouble } from '../stream/ffmpeg-messages.ts';
import type { StreamReport } from '../stream/learn-from-end.ts';
import type { ReadPacket } from '../stream/packet-blocks.ts';
import type { PacketTrack } from '../stream/packet-lines.ts';
import type { BatchReader } from './reading-turns.ts';

export interface PacketReceiverEvents {
  /** Its track is known then. */
  onPacket(packet: ReadPacket): void;
  /** The camera sent a frame of which no use can be made. */
  onUseless(): void;
  /** It ended without being asked to. Called once, never after `stop`. */
  onEnd(trouble: Trouble): void;
}

/** Receives the packets of a camera without decoding them. */
export interface PacketReceiver extends BatchReader {
  /** Of ffmpeg, where one receives. */
  readonly pid: number | undefined;
  /** The camera was reached: its stream has been described. */
  readonly opened: boolean;
  /** It was asked to end, or has ended. */
  readonly stopped: boolean;
  /** Known with the first packet. */
  readonly track: PacketTrack | undefined;
  /** What it has seen of the camera so far. */
  report(): Pick<StreamReport, 'format' | 'videoTracks' | 'errors'>;
  /** Resolves when it was started; whether the camera is reached shows later. */
  start(): Promise<void>;
  /** Batched: what the camera sends waits until `readBatch`. */
  setBatched(batched: boolean): void;
  /** Resolves when it has ended. */
  stop(): Promise<void>;
}
