import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createInput, type InputSize, inputLength, type ModelInput, type ModelInputDescription } from '@vigilia/vision';
import type { FromSession, LoadedSession, RunResult, SessionFiles, ToSession } from './session-messages.ts';

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
  readonly #worker: Worker;
  readonly #runs: Waiting[] = [];
  readonly #free: ModelInput[] = [];
  readonly #wanting: { readonly description: ModelInputDescription; resolve(input: ModelInput): void }[] = [];
  #loading: { resolve(loaded: LoadedSession): void; reject(error: Error): void } | undefined;

  /** `onEnd` is called when the thread ends, which it never does of its own accord; then nothing is answered any more. */
  constructor(options: {
    readonly files: SessionFiles;
    readonly onEnd: (error: Error) => void;
    /** Another program for the thread; of tests. */
    readonly program?: URL;
  }) {
    const { files, onEnd, program = sessionWorker() } = options;
    this.#worker = new Worker(program, { workerData: files });
    this.#worker.on('message', (message: FromSession) => this.#onMessage(message));
    this.#worker.once('error', onEnd);
    this.#worker.once('exit', (code) => onEnd(new Error(`The thread of the session ended with code ${code}.`)));
  }

  /** Rejects with a sentence that explains why the model cannot be used. */
  loaded(): Promise<LoadedSession> {
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
    });
  }

  /** Returns an input of the described type and size, to be filled and given to `run`; resolves as soon as one is free. */
  input(description: ModelInputDescription): Promise<ModelInput> {
    const input = this.#free.pop();
    if (input === undefined) return new Promise((resolve) => this.#wanting.push({ description, resolve }));
    return Promise.resolve(fitting(input, description));
  }

  /**
   * Runs come one after another in the order of the calls. The input must not be touched any more.
   * @param size of the picture in the input, px
   */
  run(input: ModelInput, size: InputSize): Promise<RunResult> {
    const message: ToSession = { input, width: size.width, height: size.height };
    this.#worker.postMessage(message, [input.buffer as ArrayBuffer]);
    return new Promise((resolve, reject) => this.#runs.push({ resolve, reject }));
  }

  #onMessage(message: FromSession): void {
    switch (message.type) {
      case 'ready':
        for (let one = 0; one < inputs; one++) this.#free.push(createInput(message.loaded.description));
        this.#loading?.resolve(message.loaded);
        break;
      case 'refused':
        this.#loading?.reject(new Error(message.message));
        break;
      case 'ran':
        // first the result is read and reported, then the picture after the next is prepared
        this.#runs.shift()?.resolve(message.result);
        this.#giveBack(message.input);
        break;
      case 'failed':
        this.#giveBack(message.input);
        this.#runs.shift()?.reject(new Error(message.message));
        break;
    }
  }

  #giveBack(input: ModelInput): void {
    const next = this.#wanting.shift();
    if (next === undefined) this.#free.push(input);
    else next.resolve(fitting(input, next.description));
  }
}

/** Rooms whose cameras have different aspects take turns: an input is made anew where the last one was of another size. */
function fitting(input: ModelInput, description: ModelInputDescription): ModelInput {
  return input.length === inputLength(description) ? input : createInput(description);
}

/** The program beside this one, built or from source. */
function sessionWorker(): URL {
  return new URL(`./session-worker${extname(fileURLToPath(import.meta.url))}`, import.meta.url);
}
