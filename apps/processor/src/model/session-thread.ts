import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { inputLength, type ModelDescription } from '@vigilia/vision';
import type { FromSession, RunResult, SessionFiles, ToSession } from './session-messages.ts';

interface Loaded {
  readonly description: ModelDescription;
  readonly inferenceMs: number;
}

interface Waiting {
  resolve(result: RunResult): void;
  reject(error: Error): void;
}

/** One is computed on while the next is prepared. */
const inputs = 2;

/**
 * A model's session in a thread of its own (`session-worker.ts`): computing blocks a thread, and the next picture is to be
 * ready the moment it is done.
 */
export class SessionThread {
  private readonly worker: Worker;
  private readonly runs: Waiting[] = [];
  private readonly free: Float32Array[] = [];
  private readonly wanting: { readonly length: number; resolve(input: Float32Array): void }[] = [];
  private loading: { resolve(loaded: Loaded): void; reject(error: Error): void } | undefined;

  /** `onEnd` is called when the thread ends, which it never does of its own accord; then nothing is answered any more. */
  constructor(options: {
    readonly files: SessionFiles;
    readonly onEnd: (error: Error) => void;
    /** Another program for the thread; of tests. */
    readonly program?: URL;
  }) {
    const { files, onEnd, program = sessionWorker() } = options;
    this.worker = new Worker(program, { workerData: files });
    this.worker.on('message', (message: FromSession) => this.onMessage(message));
    this.worker.once('error', onEnd);
    this.worker.once('exit', (code) => onEnd(new Error(`The thread of the session ended with code ${code}.`)));
  }

  /** Rejects with a sentence that says why the model cannot be used. */
  loaded(): Promise<Loaded> {
    return new Promise((resolve, reject) => {
      this.loading = { resolve, reject };
    });
  }

  /** An input of this many floats to be filled and given to `run`; resolves as soon as one is free. */
  input(length: number): Promise<Float32Array> {
    const input = this.free.pop();
    if (input === undefined) return new Promise((resolve) => this.wanting.push({ length, resolve }));
    return Promise.resolve(ofLength(input, length));
  }

  /**
   * Runs come one after another in the order of the calls. The input must not be touched any more.
   * @param size of the picture in the input, px
   */
  run(input: Float32Array, { width, height }: { width: number; height: number }): Promise<RunResult> {
    const message: ToSession = { input, width, height };
    this.worker.postMessage(message, [input.buffer as ArrayBuffer]);
    return new Promise((resolve, reject) => this.runs.push({ resolve, reject }));
  }

  private onMessage(message: FromSession): void {
    switch (message.type) {
      case 'ready':
        for (let one = 0; one < inputs; one++) this.free.push(new Float32Array(inputLength(message.description)));
        this.loading?.resolve({ description: message.description, inferenceMs: message.inferenceMs });
        break;
      case 'refused':
        this.loading?.reject(new Error(message.message));
        break;
      case 'ran':
        // first what was found is read and told, then the picture after the next is prepared
        this.runs.shift()?.resolve(message.result);
        this.giveBack(message.input);
        break;
      case 'failed':
        this.giveBack(message.input);
        this.runs.shift()?.reject(new Error(message.message));
        break;
    }
  }

  private giveBack(input: Float32Array): void {
    const next = this.wanting.shift();
    if (next === undefined) this.free.push(input);
    else next.resolve(ofLength(input, next.length));
  }
}

/** Rooms whose cameras have different aspects take turns: an input is made anew where the last one was of another size. */
function ofLength(input: Float32Array, length: number): Float32Array {
  return input.length === length ? input : new Float32Array(length);
}

/** The program beside this one, built or from source. */
function sessionWorker(): URL {
  return new URL(`./session-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
}
