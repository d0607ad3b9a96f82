import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { childEnvironment, endProcess } from '@vigilia/service';
import { packetFd } from './ffmpeg-args.ts';
import { explainEnd, FfmpegMessages, type FrameInfo, type Trouble } from './ffmpeg-messages.ts';
import { FrameMatcher } from './frame-matcher.ts';
import { FrameReader } from './frame-reader.ts';
import type { StreamReport } from './learn-from-end.ts';
import { openPipe } from './own-pipe.ts';
import { PacketLines } from './packet-lines.ts';

/** A frame's description together with the codec it was sent in. */
export interface SentFrame extends FrameInfo {
  /** `h264`, `hevc`, `mjpeg` … */
  readonly codec: string;
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

const graceMs = 2000;

/** One ffmpeg: its frames, its words, its end. */
export class FfmpegProcess {
  readonly #options: FfmpegProcessOptions;
  readonly #messages: FfmpegMessages;
  #child: ChildProcess | undefined;
  #stopped: Promise<void> | undefined;
  #packets = 0;
  #frames = 0;

  constructor(options: FfmpegProcessOptions) {
    this.#options = options;
    this.#messages = new FfmpegMessages(options.address);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The camera was reached: its stream has been described. */
  get opened(): boolean {
    return this.#messages.opened;
  }

  /** The last error lines, without credentials. */
  errors(): readonly string[] {
    return this.#messages.errors();
  }

  /** What it has seen of the camera so far. */
  report(): Omit<StreamReport, 'network'> {
    const [messages, packets, frames] = [this.#messages, this.#packets, this.#frames];
    const videoTracks = messages.videoTracks.map((track) => track.sized);
    return { format: messages.format, videoTracks, packets, frames, errors: messages.errors() };
  }

  /** Resolves when it was started. */
  async start(): Promise<void> {
    const { ffmpeg, args, input, frameBytes } = this.#options;
    const matcher = new FrameMatcher({ onFrame: (data, info) => this.#frame(data, info) });
    const frames = await openPipe(new FrameReader({ frameBytes, onFrame: (data) => matcher.frame(data) }));
    const stdio: StdioOptions = [input === undefined ? 'ignore' : 'pipe', frames.childEnd, 'pipe', 'pipe'];
    // a process group of its own: Ctrl-C in a terminal is the processor's to answer
    const child = spawn(ffmpeg, args, { stdio, detached: true, env: childEnvironment() });
    this.#child = child;
    frames.childEnd.destroy();
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const info of this.#messages.push(chunk)) {
        matcher.info(info);
      }
    });
    const packetLines = child.stdio[packetFd] as Readable;
    const lines = new PacketLines({ onPacket: (key) => this.#packet(key) });
    packetLines.setEncoding('latin1').on('data', (chunk: string) => lines.push(chunk));
    for (const stream of [child.stdin, child.stderr, packetLines]) {
      stream?.on('error', () => {});
    }
    if (input !== undefined) {
      child.stdin?.end(input);
    }
    child.once('error', (error) => this.#ended({ cause: 'decoder', detail: error.message, final: true }));
    // `close`, not `exit`: only then has all of its output been read
    child.once('close', (code, signal) => {
      frames.ownEnd.destroy();
      this.#ended(explainEnd(this.#messages.errors(), { code, signal }));
    });
  }

  /** SIGTERM, 2 s of patience, SIGKILL. Resolves when it has ended. */
  stop(): Promise<void> {
    this.#stopped ??=
      this.#child === undefined ? Promise.resolve() : endProcess(this.#child, { graceMs }).then(() => {});
    return this.#stopped;
  }

  #frame(data: Buffer, info: FrameInfo): void {
    if (this.#stopped !== undefined) return;
    this.#frames++;
    const codec = this.#messages.videoTracks[this.#options.videoTrack]?.codec ?? '';
    this.#options.onFrame(data, { ...info, codec });
  }

  #packet(key: boolean): void {
    if (this.#stopped !== undefined) return;
    this.#packets++;
    this.#options.onPacket(key);
  }

  #ended(trouble: Trouble): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = Promise.resolve();
    this.#options.onEnd(trouble);
  }
}
