import type { ModelDescription, ModelInput, TensorView } from '@vigilia/vision';

/** What the session's thread is started with. */
export interface SessionFiles {
  readonly modelPath: string;
  readonly jsonPath: string;
  readonly threads: number;
  /** Program that reads the embedded picture of a person; without it a model is not tried on that picture. */
  readonly ffmpeg?: string | undefined;
  /** How the same file was read before, by a host that this one replaces: it is not tried out again. */
  readonly known?: ModelDescription | undefined;
}

/** What loading a model gives. */
export interface LoadedSession {
  readonly description: ModelDescription;
  /** Time of one run, ms. */
  readonly inferenceMs: number;
  /** Score of the person in the embedded picture, 0 where none was found; undefined where it was not tried. */
  readonly personConfidence: number | undefined;
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
  readonly input: ModelInput;
  /** Size of this picture, px: that of the model, or what the camera needs where the model's input is resizable. */
  readonly width: number;
  readonly height: number;
}

/** What the thread answers: first whether the model can be used, then an answer to each picture, in their order. */
export type FromSession =
  | { readonly type: 'ready'; readonly loaded: LoadedSession }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'ran'; readonly input: ModelInput; readonly result: RunResult }
  | { readonly type: 'failed'; readonly input: ModelInput; readonly message: string };
