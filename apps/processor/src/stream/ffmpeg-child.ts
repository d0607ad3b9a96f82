import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { childEnvironment, endProcess } from '@vigilia/service';
import { packetFd } from './ffmpeg-args.ts';
import { explainEnd, FfmpegMessages, type PictureInfo, type Trouble } from './ffmpeg-messages.ts';
import { openPipe, type PipeReader } from './own-pipe.ts';
import type { PacketLines } from './packet-lines.ts';

export interface FfmpegChildOptions {
  readonly ffmpeg: string;
  /** Of the camera, as it stands among the arguments: it is taken out of what ffmpeg prints. */
  readonly address?: string | undefined;
  readonly args: readonly string[];
  /** Standard input: a whole text, `open` for `write`, or none. */
  readonly input: { readonly text: string } | 'open' | undefined;
  /** Takes standard output. */
  readonly output: PipeReader;
  /** Takes what comes on `packetFd`. */
  readonly packetLines?: PacketLines | undefined;
  /** A line of showinfo about a decoded frame. */
  readonly onPicture?: (picture: PictureInfo) => void;
  /** It ended without being asked to. Called once, never after `stop()`. */
  readonly onEnd: (trouble: Trouble) => void;
}

const graceMs = 2000;

/** One process of ffmpeg: its pipes, its messages, its end. */
export class FfmpegChild {
  readonly messages: FfmpegMessages;
  readonly #options: FfmpegChildOptions;
  #child: ChildProcess | undefined;
  #stopped: Promise<void> | undefined;

  constructor(options: FfmpegChildOptions) {
    this.#options = options;
    this.messages = new FfmpegMessages(options.address);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** It was asked to end, or has ended. */
  get stopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** Bytes that were written and that ffmpeg has not taken yet. */
  get backlogBytes(): number {
    return this.#child?.stdin?.writableLength ?? 0;
  }

  /** Resolves when it was started. */
  async start(): Promise<void> {
    const { ffmpeg, args, input, output, packetLines, onPicture } = this.#options;
    const { childEnd, ownEnd } = await openPipe(output);
    const stdio: StdioOptions = [input === undefined ? 'ignore' : 'pipe', childEnd, 'pipe'];
    if (packetLines !== undefined) stdio[packetFd] = 'pipe';
    // a process group of its own: Ctrl-C in a terminal is the processor's to answer
    const child = spawn(ffmpeg, args, { stdio, detached: true, env: childEnvironment() });
    this.#child = child;
    childEnd.destroy();
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      for (const picture of this.messages.push(chunk)) onPicture?.(picture);
    });
    const lines = child.stdio[packetFd] as Readable | undefined;
    lines?.setEncoding('latin1').on('data', (chunk: string) => packetLines?.push(chunk));
    for (const stream of [child.stdin, child.stderr, lines]) stream?.on('error', () => {});
    if (typeof input === 'object') child.stdin?.end(input.text);
    child.once('error', (error) => this.#ended({ cause: 'decoder', detail: error.message, final: true }));
    // `close`, not `exit`: only then has all of its output been read
    child.once('close', (code, signal) => {
      ownEnd.destroy();
      this.#ended(explainEnd(this.messages.errors(), { code, signal }));
    });
  }

  /** Writes the parts, one after the other, to standard input. */
  write(...parts: readonly Uint8Array[]): void {
    const stdin = this.#child?.stdin;
    if (stdin == null || this.stopped) return;
    stdin.cork();
    for (const part of parts) stdin.write(part);
    stdin.uncork();
  }

  /** SIGTERM, 2 s of patience, SIGKILL. Resolves when it has ended. */
  stop(): Promise<void> {
    this.#stopped ??=
      this.#child === undefined ? Promise.resolve() : endProcess(this.#child, { graceMs }).then(() => {});
    return this.#stopped;
  }

  #ended(trouble: Trouble): void {
    if (this.#stopped !== undefined) return;
    this.#stopped = Promise.resolve();
    this.#options.onEnd(trouble);
  }
}
