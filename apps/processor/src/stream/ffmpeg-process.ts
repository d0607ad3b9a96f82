import { FfmpegChild } from './ffmpeg-child.ts';
import type { FrameInfo, Trouble } from './ffmpeg-messages.ts';
import { FrameMatcher } from './frame-matcher.ts';
import { FrameReader } from './frame-reader.ts';
import type { StreamReport } from './learn-from-end.ts';
import { PacketLines } from './packet-lines.ts';

/** A frame's description together with the codec it was sent in. */
export interface SentFrame extends FrameInfo {
  /** `h264`, `hevc`, `mjpeg` … */
  readonly codec: string;
  /** When its packet came, monotonic ms; undefined: it is as new as its decoded frame. */
  readonly receivedMs?: number | undefined;
}

export interface FfmpegProcessOptions {
  readonly ffmpeg: string;
  /** Of the camera, as it stands among the arguments: it is taken out of what ffmpeg prints. */
  readonly address?: string | undefined;
  readonly args: readonly string[];
  /** Written to standard input: a playlist. */
  readonly input?: string | undefined;
  readonly frameBytes: number;
  /** Index of the video track that is decoded. */
  readonly videoTrack: number;
  /** A whole frame; the buffer is used again two frames later. */
  readonly onFrame: (data: Buffer, frame: SentFrame) => void;
  /** The camera sent a packet of the track, not decoded yet. */
  readonly onPacket: (key: boolean) => void;
  /** It ended without being asked to. Called once, never after `stop()`. */
  readonly onEnd: (trouble: Trouble) => void;
}

/** One ffmpeg that receives and decodes: its frames, its packets, its end. */
export class FfmpegProcess {
  readonly #options: FfmpegProcessOptions;
  readonly #child: FfmpegChild;
  #packets = 0;
  #frames = 0;

  constructor(options: FfmpegProcessOptions) {
    const { ffmpeg, address, args, input, frameBytes, onEnd } = options;
    this.#options = options;
    const matcher = new FrameMatcher({ onFrame: (data, info) => this.#frame(data, info) });
    this.#child = new FfmpegChild({
      ffmpeg,
      address,
      args,
      input: input === undefined ? undefined : { text: input },
      output: new FrameReader({ frameBytes, onFrame: (data) => matcher.frame(data) }),
      packetLines: new PacketLines({ onPacket: ({ key }) => this.#packet(key) }),
      onFrameInfo: (info) => matcher.info(info),
      onEnd,
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The camera was reached: its stream has been described. */
  get opened(): boolean {
    return this.#child.messages.opened;
  }

  /** The last error lines, without credentials. */
  errors(): readonly string[] {
    return this.#child.messages.errors();
  }

  /** What it has seen of the camera so far. */
  report(): Omit<StreamReport, 'network'> {
    const [messages, packets, frames] = [this.#child.messages, this.#packets, this.#frames];
    const videoTracks = messages.videoTracks.map((track) => track.sized);
    return { format: messages.format, videoTracks, packets, frames, errors: messages.errors() };
  }

  /** Resolves when it was started. */
  start(): Promise<void> {
    return this.#child.start();
  }

  /** SIGTERM, 2 s of patience, SIGKILL. Resolves when it has ended. */
  stop(): Promise<void> {
    return this.#child.stop();
  }

  #frame(data: Buffer, info: FrameInfo): void {
    if (this.#child.stopped) return;
    this.#frames++;
    const codec = this.#child.messages.videoTracks[this.#options.videoTrack]?.codec ?? '';
    const { width, height, sar, key } = info;
    this.#options.onFrame(data, { width, height, sar, key, codec });
  }

  #packet(key: boolean): void {
    if (this.#child.stopped) return;
    this.#packets++;
    this.#options.onPacket(key);
  }
}
