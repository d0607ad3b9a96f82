import { type ChildProcess, fork } from 'node:child_process';
import { endProcess } from '@vigilia/service';

export interface BareRuns {
  readonly runs: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
}

/** A process with one ONNX session and nothing else: `session.run` in a loop, spinning off. */
export class BareModel {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Loads the model and runs it twice. */
  static async start(options: {
    readonly modelPath: string;
    readonly threads: number;
    /** Of the input, for a model whose input size is free. */
    readonly size?: { readonly width: number; readonly height: number };
  }): Promise<BareModel> {
    const { modelPath, threads, size } = options;
    const sides = size === undefined ? [] : [String(size.height), String(size.width)];
    const child = fork(new URL('./bare-model-main.mjs', import.meta.url), [modelPath, String(threads), ...sides], {
      execArgv: [],
    });
    const model = new BareModel(child);
    await model.#answer();
    return model;
  }

  /** Runs it until both are reached: this many times and this many seconds. */
  run(least: { readonly runs?: number; readonly seconds?: number }): Promise<BareRuns> {
    this.#child.send({ runs: least.runs ?? 0, seconds: least.seconds ?? 0 });
    return this.#answer();
  }

  async stop(): Promise<void> {
    await endProcess(this.#child, { graceMs: 1000 });
  }

  #answer(): Promise<BareRuns> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void =>
        reject(new Error(`The bare model's process ended with code ${code}.`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (message) => {
        this.#child.off('exit', onExit);
        resolve(message as BareRuns);
      });
    });
  }
}
