import type { ModelCalibration } from '../calibration/model-calibration.ts';

/** How a model's outputs are read; see `detect-layout.ts` for the shapes. */
export type ModelLayout = 'yolo-detect' | 'yolo-pose' | 'yolox' | 'end-to-end' | 'movenet';

/** The picture turned clockwise by this many degrees before it is given to the model. */
export type Turn = 0 | 90 | -90;

/** Everything needed to feed one ONNX model and to read what comes out. Serialisable: it crosses process borders. */
export interface ModelDescription {
  readonly layout: ModelLayout;
  readonly inputName: string;
  /** Names and shapes, as the model tells them. */
  readonly outputs: readonly TensorMetadata[];
  /** Size of the input picture in pixels; the usual one where it is `resizable`. */
  readonly width: number;
  readonly height: number;
  /** The input may have any size whose sides are multiples of 32: it follows the camera (`movenet/input-size.ts`). */
  readonly resizable: boolean;
  /** How many times larger than usual a resizable input may show people where they are small. */
  readonly maxInputFactor?: number | undefined;
  readonly channelOrder: 'nchw' | 'nhwc';
  readonly colour: 'rgb' | 'bgr';
  /** A byte 0..255 is multiplied by this: 1/255 or 1. */
  readonly scale: number;
  /** Class names by class id. */
  readonly labels: readonly string[];
  /** As the JSON beside the model gives it; `calibrationOf` knows the others. */
  readonly calibration?: ModelCalibration | undefined;
  /** The passes that every frame gets; `[0, 90, -90]` for a model that always looks at the turned picture too. */
  readonly passes: readonly Turn[];
}

/** Returns the description of a resizable model at another input size, px. */
export function atInputSize(description: ModelDescription, width: number, height: number): ModelDescription {
  return { ...description, width, height };
}

/** What ONNX Runtime tells about one input or output (`session.inputMetadata`); a string is a free dimension. */
export interface TensorMetadata {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly type?: string;
}

export interface ModelMetadata {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
}

/** A tensor as any runtime can hand it over, row-major float32. */
export interface TensorView {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** The model cannot be used; the message names the shape or field and the remedy. */
export class ModelDescriptionError extends Error {
  readonly code = 'model_invalid';
  override readonly name = 'ModelDescriptionError';
}
