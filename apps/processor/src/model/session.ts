import type { ModelDescription, TensorView } from '@vigilia/vision';

/** What a session is loaded from. */
export interface SessionFiles {
  readonly modelPath: string;
  readonly jsonPath: string;
  readonly threads: number;
  /** What computes the model, by its name in ONNX Runtime, such as `cpu` or `webgpu`. */
  readonly provider: string;
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

/** What one run over one prepared frame gives. */
export interface RunResult {
  /** By output name, as the model wrote them. */
  readonly outputs: Readonly<Record<string, TensorView>>;
  /** Inside the model, ms. */
  readonly inferenceMs: number;
}
