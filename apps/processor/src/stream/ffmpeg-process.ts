import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { endProcess } from '@vigilia/service';
import { explainEnd, FfmpegMessages, type PictureInfo, type Trouble } from './ffmpeg-messages.ts';
import { FrameReader } from './frame-reader.ts';
import { openPipe } from './own-pipe.ts';
import { PictureMatcher } from './picture-matcher.ts';

export interface FfmpegProcessOptions {
  readonly ffmpeg: string;
  /** Of the camera, as it stands among the arguments: it is taken out of what ffmpeg prints. */
  readonly address?: string | undefined;
  readonly args: readonly string[];
  /** Written to standard input: a playlist. */
  readonly input?: string | undefined;
  readonly frameBytes: number;
  /** A whole picture; the buffer is used again two pictures later. */
  readonly onFrame: (data: Buffer, picture: { readonly width: number; readonly height: number }) => void;
  /** The picture that comes next is a key frame. */
  readonly onKeyframe: () => void;
  /** It ended without being asked to. Called once, never after `stop()`. */
  readonly onEnd: (trouble: Trouble) => void;
}

const graceMs = 2000;

/** One ffmpeg: its pictures, its words, its end. */
export class FfmpegProcess {
  private readonly options: FfmpegProcessOptions;
  private readonly messages: FfmpegMessages;
  private child: ChildProcess | undefined;
  private stopped: Promise<void> | undefined;

  constructor(options: FfmpegProcessOptions) {
    this.options = options;
    this.messages = new FfmpegMessages(options.address);
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** The camera was reached: its stream has been described. */
  get opened(): boolean {
    return this.messages.opened;
  }

  /** The last error lines, without credentials. */
  errors(): readonly string[] {
    return this.messages.errors();
  }

  /** Resolves when it was started. */
  async start(): Promise<void> {
    const { ffmpeg, args, input, frameBytes } = this.options;
    const matcher = new PictureMatcher({ onPicture: (data, info) => this.picture(data, info) });
    const pictures = await openPipe(new FrameReader({ frameBytes, onFrame: (data) => matcher.frame(data) }));
    const stdio: StdioOptions = [input === undefined ? 'ignore' : 'pipe', pictures.childEnd, 'pipe'];
    // a process group of its own: Ctrl-C in a terminal is the processor's to answer
    const child = spawn(ffmpeg, args, { stdio, detached: true });
    this.child = child;
    pictures.childEnd.destroy();
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const info of this.messages.push(chunk)) matcher.info(info);
    });
    for (const stream of [child.stdin, child.stderr]) stream?.on('error', () => {});
    if (input !== undefined) child.stdin?.end(input);
    child.once('error', (error) => this.ended({ cause: 'decoder', detail: error.message, final: true }));
    // `close`, not `exit`: only then has everything it said been read
    child.once('close', (code, signal) => {
      pictures.ownEnd.destroy();
      this.ended(explainEnd(this.messages.errors(), { code, signal }));
    });
  }

  /** SIGTERM, 2 s of patience, SIGKILL. Resolves when it is gone. */
  stop(): Promise<void> {
    this.stopped ??= this.child === undefined ? Promise.resolve() : endProcess(this.child, { graceMs }).then(() => {});
    return this.stopped;
  }

  private picture(data: Buffer, info: PictureInfo): void {
    if (this.stopped !== undefined) return;
    if (info.key) this.options.onKeyframe();
    this.options.onFrame(data, { width: info.width, height: info.height });
  }

  private ended(trouble: Trouble): void {
    if (this.stopped !== undefined) return;
    this.stopped = Promise.resolve();
    this.options.onEnd(trouble);
  }
}
