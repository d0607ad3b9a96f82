import type { CameraTraits } from '../stream/camera-memory.ts';
import { FfmpegChild } from '../stream/ffmpeg-child.ts';
import { PacketLines, type PacketTrack } from '../stream/packet-lines.ts';
import { PacketReader } from './packet-reader.ts';
import type { PacketReceiver, PacketReceiverEvents } from './packet-receiver.ts';
import { ffmpegFailed } from './reader-trials.ts';

export interface FfmpegReceiverOptions {
  readonly ffmpeg: string;
  readonly address: string;
  readonly args: readonly string[];
  /** A playlist for standard input. */
  readonly input: string | undefined;
  readonly camera: CameraTraits;
  readonly events: PacketReceiverEvents;
}

/** An ffmpeg that copies a camera's packets. */
export class FfmpegReceiver implements PacketReceiver {
  readonly #child: FfmpegChild;
  readonly #lines: PacketLines;
  readonly #camera: CameraTraits;
  #received = false;

  constructor({ ffmpeg, address, args, input, camera, events }: FfmpegReceiverOptions) {
    this.#camera = camera;
    const reader = new PacketReader({
      onPacket: (packet) => {
        this.#received = true;
        events.onPacket(packet);
      },
    });
    this.#lines = new PacketLines({ onPacket: (line) => reader.line(line) });
    this.#child = new FfmpegChild({
      ffmpeg,
      address,
      args,
      input: input === undefined ? undefined : { text: input },
      output: reader,
      packetLines: this.#lines,
      onEnd: (trouble) => {
        this.#judgeReader();
        events.onEnd(trouble);
      },
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get opened(): boolean {
    return this.#child.messages.opened;
  }

  get stopped(): boolean {
    return this.#child.stopped;
  }

  get track(): PacketTrack {
    return this.#lines.track;
  }

  report(): ReturnType<PacketReceiver['report']> {
    const { messages } = this.#child;
    const videoTracks = messages.videoTracks.map((track) => track.sized);
    return { format: messages.format, videoTracks, errors: messages.errors() };
  }

  start(): Promise<void> {
    return this.#child.start();
  }

  setBatched(batched: boolean): void {
    this.#child.setBatched(batched);
  }

  readBatch(): void {
    this.#child.readBatch();
  }

  stop(): Promise<void> {
    if (!this.stopped) {
      this.#judgeReader();
    }
    return this.#child.stop();
  }

  #judgeReader(): void {
    if (!this.#received) {
      ffmpegFailed(this.#camera.ownReader);
    }
  }
}
