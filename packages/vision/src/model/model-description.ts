import type { ModelCalibration } from '../calibration/model-calibration.ts';
import type { RowFormat } from './row-format.ts';

/** How a model's outputs are read; see `propose-formats.ts` for the shapes. */
export const modelLayouts = [
  'yolo-detect',
  'yolo-pose',
  'yolo-objectness',
  'yolox',
  'end-to-end',
  'end-to-end-pose',
  'flat',
  'boxes-and-logits',
  'boxes-and-scores',
  'boxes-scores-labels',
  'rtmo',
  'movenet',
] as const;
export type ModelLayout = (typeof modelLayouts)[number];

/** The frame turned clockwise by this many degrees before it is given to the model. */
export type Turn = 0 | 90 | -90;

/** How a frame is shown to the model: turned, then mirrored left to right. Both default to the frame as it is. */
export interface Showing {
  readonly turn?: Turn | undefined;
  readonly mirrored?: boolean | undefined;
}

/** How a byte 0..255 becomes a number of the model's input: `byte × scale`, then minus `mean`, divided by `deviation` per channel. */
export interface PixelCoding {
  readonly colour: 'rgb' | 'bgr';
  /** 1/255 or 1. */
  readonly scale: number;
  /** In the order red, green, blue. */
  readonly normalise?: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | undefined;
}

/** The input tensor of a model. */
export interface ModelInputDescription {
  readonly inputName: string;
  readonly inputType: 'float32' | 'float16' | 'uint8';
  /** A second input that takes the size of the frame as int64 `[width, height]`; boxes then come in pixels of the input. */
  readonly sizeInputName?: string | undefined;
  /** Size of the input frame in pixels; the usual one where it is `resizable`. */
  readonly width: number;
  readonly height: number;
  /** The input may have any size whose sides are multiples of 32: it follows the camera (`movenet/input-size.ts`). */
  readonly resizable: boolean;
  /** How many times larger than usual a resizable input may show people where they are small. */
  readonly maxInputFactor?: number | undefined;
  readonly channelOrder: 'nchw' | 'nhwc';
}

/** Everything needed to feed one ONNX model and to read what comes out. Serialisable: it crosses process borders. */
export interface ModelDescription extends PixelCoding, ModelInputDescription {
  readonly layout: ModelLayout;
  /** Names and shapes, as in the model file. */
  readonly outputs: readonly TensorMetadata[];
  /** Where boxes and scores are; absent for heat maps (`movenet`). */
  readonly format?: RowFormat | undefined;
  /** Class names by class id; every class that means a person is called `person`. */
  readonly labels: readonly string[];
  /** As the JSON beside the model gives it; `calibrationOf` knows the others. */
  readonly calibration?: ModelCalibration | undefined;
  /** The passes that every frame gets; `[0, 90, -90]` for a model that always looks at the turned frame too. */
  readonly passes: readonly Turn[];
  /**
   * Every second frame of a camera is to be mirrored, because the model finds a person who lies with the head to one side better than with
   * the head to the other: what one frame misses, the next shows.
   */
  readonly mirrorsEverySecondFrame: boolean;
}

/** Returns the description of a resizable model at another input size, px. */
export function atInputSize(description: ModelDescription, width: number, height: number): ModelDescription {
  return { ...description, width, height };
}

/** What ONNX Runtime reports about one input or output (`session.inputMetadata`); a string is a free dimension. */
export interface TensorMetadata {
  readonly name: string;
  readonly shape: readonly (number | string)[];
  readonly type?: string | undefined;
}

export interface ModelMetadata {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  /** `metadata_props` of the file, such as `names` and `task` of Ultralytics. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
}

/** A tensor as any runtime can hand it over, row-major float32. */
export interface TensorView {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** The model cannot be used; the message names the shape or field and the remedy. */
export class ModelDescriptionError extends Error {
  readonly code = 'model_invalid';
  override readonly name: string = 'ModelDescriptionError';
}

/** The numbers that a model gave for one frame cannot be right: its layout is another than the one they were read by. */
export class ModelOutputError extends ModelDescriptionError {
  override readonly name = 'ModelOutputError';
}
