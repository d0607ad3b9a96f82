import type { Detection, LetterboxGeometry, ModelDescription, Turn } from '@vigilia/vision';

/** What the session's thread is started with. */
export interface SessionFiles {
  readonly modelPath: string;
  readonly jsonPath: string;
  readonly threads: number;
}

/** One run over one prepared picture. */
export interface Pass {
  readonly turn: Turn;
  readonly confidence: number;
  readonly geometry: LetterboxGeometry;
}

export interface PassResult {
  /** Pixels of the camera's image. */
  readonly detections: readonly Detection[];
  /** Inside the model, ms. */
  readonly inferenceMs: number;
}

/** To the thread. The input is handed over, not copied, and comes back with the answer. */
export type ToSession = Pass & { readonly input: Float32Array };

/** What the thread says: first whether the model can be used, then an answer to each pass, in their order. */
export type FromSession =
  | { readonly type: 'ready'; readonly description: ModelDescription; readonly inferenceMs: number }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'passed'; readonly input: Float32Array; readonly result: PassResult }
  | { readonly type: 'failed'; readonly input: Float32Array; readonly message: string };
