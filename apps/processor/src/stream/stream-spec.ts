import type { CameraView } from '@vigilia/vision';

/** How frames leave the decoder: keyframes only (cheap, rate bound by the camera's keyframe interval) or every frame. */
export type DecodeMode = 'keyframes' | 'full';

/** Everything that decides which ffmpeg a room needs. Two rooms with equal specs need equal processes. */
export interface StreamSpec {
  readonly sourceId: number;
  /** Full address; may hold credentials, so it is never logged: see `redactUrl`. */
  readonly address: string;
  readonly decode: DecodeMode;
  /** Whether the stream may decode every frame by itself where keyframes alone give none (`decode: auto`). */
  readonly mayDecodeAll: boolean;
  /** Aspect and rotation of the frame, for cameras that do not report it. */
  readonly view: CameraView;
  /** Size of the model's input in pixels: ffmpeg scales into it with the aspect kept (letterbox, grey 114). */
  readonly width: number;
  readonly height: number;
  /** Additional input arguments (hardware decoding) that passed the whitelist. */
  readonly inputArgs: readonly string[];
  /** Seconds of identical frames after which the room counts as frozen; 0 = off. */
  readonly frozenAfterSeconds: number;
}
