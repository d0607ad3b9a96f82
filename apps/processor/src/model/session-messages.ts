import type { ModelDescription, TensorView } from '@vigilia/vision';

/** What the session's thread is started with. */
export interface SessionFiles {
  readonly modelPath: string;
  readonly jsonPath: string;
  readonly threads: number;
}

/** What one run over one prepared picture gives. */
export interface RunResult {
  /** By output name, as the model wrote them. */
  readonly outputs: Readonly<Record<string, TensorView>>;
  /** Inside the model, ms. */
  readonly inferenceMs: number;
}

/** To the thread: a prepared picture, handed over, not copied; it comes back with the answer. */
export interface ToSession {
  readonly input: Float32Array;
  /** Size of this picture, px: that of the model, or what the camera needs where the model's input is resizable. */
  readonly width: number;
  readonly height: number;
}

/** What the thread says: first whether the model can be used, then an answer to each picture, in their order. */
export type FromSession =
  | { readonly type: 'ready'; readonly description: ModelDescription; readonly inferenceMs: number }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'ran'; readonly input: Float32Array; readonly result: RunResult }
  | { readonly type: 'failed'; readonly input: Float32Array; readonly message: string };
