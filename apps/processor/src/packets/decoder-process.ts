import type { CameraView } from '@vigilia/vision';
import { decoderArgs } from '../stream/ffmpeg-args.ts';
import { FfmpegChild } from '../stream/ffmpeg-child.ts';
import type { FrameInfo, Trouble } from '../stream/ffmpeg-messages.ts';
import { FrameMatcher } from '../stream/frame-matcher.ts';
import { FrameReader } from '../stream/frame-reader.ts';
import type { PacketTrack } from '../stream/packet-lines.ts';
import { matroskaHeader, matroskaPacketHeader } from './matroska-writer.ts';
import type { PacketCodec } from './nal-units.ts';

/** A track whose packets are kept. */
export interface KeptTrack extends PacketTrack {
  readonly codec: PacketCodec;
}

/** What frames a decoder makes. */
export interface DecoderShape {
  readonly view: CameraView;
  /** Size of the frames, px. */
  readonly width: number;
  readonly height: number;
}

export interface DecoderProcessOptions extends DecoderShape {
  readonly ffmpeg: string;
  readonly threads: number;
  /** Least time between two frames, ms; undefined: all. Time stamps are in ms then. */
  readonly everyMs?: number | undefined;
  /** The buffer is used again two frames later; `timestamp` is that of the packet. */
  readonly onFrame: (data: Buffer, info: FrameInfo) => void;
  /** A packet makes no frame. */
  readonly onUndecodable?: () => void;
  readonly onEnd: (trouble: Trouble) => void;
}

/** An ffmpeg that decodes packets which it is given. */
export class DecoderProcess {
  readonly #child: FfmpegChild;

  constructor(options: DecoderProcessOptions) {
    const { ffmpeg, view, width, height, threads, everyMs, onFrame, onUndecodable, onEnd } = options;
    const matcher = new FrameMatcher({
      onFrame: (data, info) => {
        if (!this.#child.stopped) {
          onFrame(data, info);
        }
      },
    });
    this.#child = new FfmpegChild({
      ffmpeg,
      args: decoderArgs({ view, width, height, threads, everyMs }),
      input: 'open',
      output: new FrameReader({ frameBytes: width * height * 3, onFrame: (data) => matcher.frame(data) }),
      onFrameInfo: (info) => matcher.info(info),
      onUndecodable: () => onUndecodable?.(),
      onEnd,
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** It has read the track's description: it is running. */
  get opened(): boolean {
    return this.#child.messages.opened;
  }

  /** Bytes that it has not taken yet. */
  get backlogBytes(): number {
    return this.#child.backlogBytes;
  }

  start(): Promise<void> {
    return this.#child.start();
  }

  /** Before the first packet. */
  describe(track: KeptTrack): void {
    this.#child.write(matroskaHeader(track));
  }

  /** Time stamps are whole numbers that grow. */
  write(packet: { readonly data: Buffer; readonly key: boolean; readonly timestamp: number }): void {
    const { data, key, timestamp } = packet;
    this.#child.write(matroskaPacketHeader({ bytes: data.length, key, timestamp }), data);
  }

  /** Resolves when it has taken what was written, or never will. */
  taken(): Promise<void> {
    return this.#child.taken();
  }

  /** Paused: no more frames are read, so that it waits. */
  setPaused(paused: boolean): void {
    this.#child.setPaused(paused);
  }

  /** No more packets follow: it decodes what it has, and ends. */
  endInput(): void {
    this.#child.endInput();
  }

  stop(): Promise<void> {
    return this.#child.stop();
  }
}
