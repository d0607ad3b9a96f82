import type { Detection } from '@vigilia/vision';
import type { LoadedSession, SessionFiles } from './session.ts';

/** Messages of the processor to a model host's child. Frames pass through shared memory, not through the channel. */
export type ToModelHost =
  | ({ readonly type: 'load' } & SessionFiles)
  | ({ readonly type: 'infer'; readonly id: number } & InferRequest);

export interface InferRequest {
  /** Where in the shared memory the frame lies, bytes. */
  readonly offset: number;
  /** Size of the frame there, px. */
  readonly width: number;
  readonly height: number;
  /** Size of the camera's own frame, px. */
  readonly sourceWidth: number;
  readonly sourceHeight: number;
  /** Least score of what is reported, 0..1. */
  readonly confidence: number;
  /** Show the model the frame mirrored left to right; detections are those of the frame itself. */
  readonly mirrored: boolean;
}

/** What the child answers. */
export type FromModelHost =
  | { readonly type: 'ready'; readonly loaded: LoadedSession }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'result'; readonly id: number; readonly result: InferAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly message: string };

export interface InferAnswer {
  /** Pixels of the camera's image. */
  readonly detections: readonly Detection[];
  /** Inside the model, all passes, ms. */
  readonly inferenceMs: number;
  readonly passes: number;
}

/** Descriptor under which the child finds the shared memory: after the three standard ones and the channel. */
export const frameMemoryFd = 4;
