import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { childEnvironment, endProcess } from '@vigilia/service';
import { packetFd } from './ffmpeg-args.ts';
import { explainEnd, FfmpegMessages, type FrameInfo, type Trouble } from './ffmpeg-messages.ts';
import { openPipe, type PipeReader } from './own-pipe.ts';

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
  readonly packetLines?: PipeReader | undefined;
  /** A line of showinfo about a decoded frame. */
  readonly onFrameInfo?: (info: FrameInfo) => void;
  /** A packet that was given to a decoder makes no frame. */
  readonly onUndecodable?: () => void;
  /** It ended without being asked to. Called once, never after `stop()`. */
  readonly onEnd: (trouble: Trouble) => void;
}

const graceMs = 2000;
/** A read of so many bytes may have emptied a full pipe: ffmpeg waits to write more. */
const fullPipeBytes = 100_000;

/** One process of ffmpeg: its pipes, its messages, its end. */
export class FfmpegChild {
  readonly messages: FfmpegMessages;
  readonly #options: FfmpegChildOptions;
  #child: ChildProcess | undefined;
  #pipes: readonly Socket[] = [];
  #batched = false;
  #paused = false;
  #starting: Promise<void> | undefined;
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

  /** Resolves when it was started, or when it was stopped before that. */
  start(): Promise<void> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  /** Batched: what ffmpeg writes waits in its pipes until `readBatch`. */
  setBatched(batched: boolean): void {
    this.#batched = batched;
    if (!batched) {
      this.readBatch();
    }
  }

  /** Paused: nothing more is read, so that ffmpeg waits when its pipes are full. */
  setPaused(paused: boolean): void {
    this.#paused = paused;
    if (!paused) {
      this.readBatch();
    }
  }

  /** Reads what is in the pipes. */
  readBatch(): void {
    if (this.#paused) return;
    for (const pipe of this.#pipes) {
      pipe.resume();
    }
  }

  /** Writes the parts, one after the other, to standard input. */
  write(...parts: readonly Uint8Array[]): void {
    const stdin = this.#child?.stdin;
    if (stdin == null || this.stopped) return;
    stdin.cork();
    for (const part of parts) {
      stdin.write(part);
    }
    stdin.uncork();
  }

  /** Resolves when ffmpeg has taken what was written, or never will. */
  async taken(): Promise<void> {
    const stdin = this.#child?.stdin;
    if (stdin?.writableNeedDrain !== true) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        stdin.off('drain', done).off('close', done);
        resolve();
      };
      stdin.on('drain', done).on('close', done);
    });
  }

  /** Closes standard input. */
  endInput(): void {
    this.#child?.stdin?.end();
  }

  /** SIGTERM, 2 s of patience, SIGKILL. Resolves when it has ended, also where it was being started. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(): Promise<void> {
    const { ffmpeg, args, input, output, packetLines, onEnd } = this.#options;
    const readsOn = (bytes: number): boolean => !this.#paused && (!this.#batched || bytes >= fullPipeBytes);
    const readers = packetLines === undefined ? [output] : [output, packetLines];
    const pipes = await Promise.all(readers.map((reader) => openPipe(reader, readsOn)));
    this.#pipes = pipes.map(({ ownEnd }) => ownEnd);
    const childEnds = pipes.map(({ childEnd }) => childEnd);
    if (this.stopped) {
      closeAll([...childEnds, ...this.#pipes]);
      return;
    }
    const [outputEnd, linesEnd] = childEnds;
    const stdio: StdioOptions = [input === undefined ? 'ignore' : 'pipe', outputEnd, 'pipe'];
    if (linesEnd !== undefined) {
      stdio[packetFd] = linesEnd;
    }
    // a process group of its own: Ctrl-C in a terminal is the processor's to answer
    const child = spawn(ffmpeg, args, { stdio, detached: true, env: childEnvironment() });
    this.#child = child;
    closeAll(childEnds);
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => this.#onMessages(chunk));
    for (const stream of [child.stdin, child.stderr]) {
      stream?.on('error', () => {});
    }
    if (typeof input === 'object') {
      child.stdin?.end(input.text);
    }
    const ended = (trouble: Trouble): void => {
      if (this.#stopped !== undefined) return;
      this.#stopped = Promise.resolve();
      onEnd(trouble);
    };
    child.once('error', (error) => ended({ cause: 'decoder', detail: error.message, final: true }));
    // `close`, not `exit`, and the ends of its pipes: only then has all of its output been read
    child.once('close', (code, signal) => {
      void this.#emptied().then(() => ended(explainEnd(this.messages.errors(), { code, signal })));
    });
  }

  #onMessages(chunk: string): void {
    const { onFrameInfo, onUndecodable } = this.#options;
    const before = this.messages.undecodablePackets;
    for (const info of this.messages.push(chunk)) {
      onFrameInfo?.(info);
    }
    if (this.messages.undecodablePackets > before) {
      onUndecodable?.();
    }
  }

  /** Resolves when everything that the process wrote has been read, at once where it was stopped. */
  async #emptied(): Promise<void> {
    if (this.stopped) {
      closeAll(this.#pipes);
      return;
    }
    this.setBatched(false);
    await Promise.all(this.#pipes.map((pipe) => (pipe.closed ? undefined : once(pipe, 'close'))));
  }

  async #stop(): Promise<void> {
    await this.#starting?.catch(() => {});
    // one that waits to write notices SIGTERM only when it may
    this.setPaused(false);
    if (this.#child !== undefined) {
      // a decoder that waits for packets notices SIGTERM only when its input ends
      this.#child.stdin?.destroy();
      await endProcess(this.#child, { graceMs });
      closeAll(this.#pipes);
    }
  }
}

function closeAll(sockets: readonly Socket[]): void {
  for (const socket of sockets) {
    socket.destroy();
  }
}
