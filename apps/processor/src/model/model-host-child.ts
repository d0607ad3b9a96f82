import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { type Clock, childEnvironment, endProcess } from '@vigilia/service';
import { type FrameMemory, openFrameMemory } from './frame-memory.ts';
import { modelHostEntry } from './model-host-entry.ts';
import { ModelHostError } from './model-host-error.ts';
import type { FromModelHost, InferAnswer, InferRequest, ToModelHost } from './model-host-messages.ts';
import type { LoadedSession, SessionFiles } from './session.ts';

export interface ModelHostChildOptions {
  readonly files: SessionFiles;
  readonly clock: Clock;
  /** It ended without being asked to; `words` are the last of its standard error. */
  readonly onEnd: (words: string) => void;
}

interface Waiting {
  resolve(answer: InferAnswer): void;
  reject(error: Error): void;
}

const graceMs = 2000;

/** One child process with one ONNX session, from its start to its end. */
export class ModelHostChild {
  readonly #options: ModelHostChildOptions;
  readonly #memory: FrameMemory;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #loading: { resolve(model: LoadedSession): void; reject(error: Error): void } | undefined;
  #words = '';
  #requests = 0;
  #ending: Promise<void> | undefined;

  constructor(options: ModelHostChildOptions) {
    this.#options = options;
    this.#memory = openFrameMemory();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts the process and loads the model. Rejects with a plain error whose message explains why it cannot be used. */
  load(): Promise<LoadedSession> {
    const { file, execArgv } = modelHostEntry();
    const stdio: ForkOptions['stdio'] = ['ignore', 'ignore', 'pipe', 'ipc', this.#memory.fd];
    const env = childEnvironment();
    const child = fork(file, { execArgv: [...execArgv], serialization: 'advanced', stdio, env });
    this.#child = child;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#words = (this.#words + text).slice(-2000);
    });
    child.on('message', (message: FromModelHost) => this.#onMessage(message));
    child.once('error', (error) => this.#onExit(error.message));
    child.once('close', (code, signal) => this.#onExit(`it ended with ${signal ?? `code ${code}`}`));
    this.#send({ type: 'load', ...this.#options.files });
    return new Promise((resolve, reject) => {
      this.#loading = { resolve, reject };
    });
  }

  /** Hands a frame over (it is copied at once) and resolves with what the model found. Rejects with `ModelHostError`. */
  infer(data: Uint8Array, request: Omit<InferRequest, 'offset'>): Promise<InferAnswer> {
    if (this.#ending !== undefined) return Promise.reject(stopped());
    const id = ++this.#requests;
    const offset = this.#memory.put(data);
    const answer = new Promise<InferAnswer>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#send({ type: 'infer', id, ...request, offset });
    return answer.finally(() => this.#memory.release(offset));
  }

  /** Disconnects, which ends it, and kills it after the grace; `force`: SIGKILL at once, for one that hangs. What is in flight is rejected. Idempotent. */
  end(options: { readonly force?: boolean } = {}): Promise<void> {
    this.#ending ??= this.#endNow(options.force === true);
    return this.#ending;
  }

  async #endNow(force: boolean): Promise<void> {
    const child = this.#child;
    this.#rejectAll(stopped());
    if (child?.connected === true) {
      child.disconnect();
    }
    if (child !== undefined) {
      await endProcess(child, { graceMs: force ? 0 : graceMs });
    }
    this.#memory.close();
  }

  #send(message: ToModelHost): void {
    this.#child?.send(message, (error) => {
      if (error !== null) {
        this.#options.clock.setTimeout(() => this.#onExit(error.message), 0);
      }
    });
  }

  #onMessage(message: FromModelHost): void {
    switch (message.type) {
      case 'ready':
        this.#loading?.resolve(message.loaded);
        break;
      case 'refused':
        this.#loading?.reject(new Error(message.message));
        break;
      case 'result':
        this.#take(message.id)?.resolve(message.result);
        break;
      case 'failed':
        this.#take(message.id)?.reject(new ModelHostError('failed', message.message));
        break;
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #onExit(how: string): void {
    if (this.#ending !== undefined) return;
    const lastLine = this.#words.trim().split('\n').at(-1);
    const words = `the model host's process ended: ${how}${lastLine ? ` (${lastLine})` : ''}`;
    void this.end();
    this.#loading?.reject(new Error(words));
    this.#options.onEnd(words);
  }

  #rejectAll(error: Error): void {
    for (const waiting of this.#waiting.values()) {
      waiting.reject(error);
    }
    this.#waiting.clear();
  }
}

const stopped = (): ModelHostError => new ModelHostError('stopped', 'The model host was ended.');
