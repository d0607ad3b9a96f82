import {
  ModelDescriptionError,
  type ModelInputDescription,
  type ModelMetadata,
  type TensorMetadata,
} from '../model/model-description.ts';
import { chooseInputSize } from '../movenet/choose-input-size.ts';
import { isMoveNet } from '../movenet/heads.ts';
import type { InputSize } from '../movenet/input-size.ts';
import type { ModelFacts } from './model-facts.ts';

const inputTypes = ['float32', 'float16', 'uint8'] as const;

const shapeText = ({ name, shape }: TensorMetadata): string => `${name} [${shape.join(',')}]`;

/**
 * Returns the input that takes the frame: the one of four dimensions.
 * Throws `ModelDescriptionError` where there is none, for a static batch of several frames, and for other than 3 channels.
 */
export function imageInput({ inputs }: ModelMetadata): TensorMetadata {
  const input = inputs.find(({ shape }) => shape.length === 4);
  if (input === undefined) {
    const found = inputs.map(shapeText).join(', ') || '(none)';
    throw new ModelDescriptionError(
      `The model's input ${found} is not an image; it must be [1,3,height,width] or [1,height,width,3].`,
    );
  }
  const [batch, first, , last] = input.shape;
  if (typeof batch === 'number' && batch > 1) {
    throw new ModelDescriptionError(
      `The model's input ${shapeText(input)} is a fixed batch of ${batch} frames, and Vigilia analyses one at a time; export the model with batch size 1 or a dynamic batch (Ultralytics: batch=1).`,
    );
  }
  if (typeof first === 'number' && typeof last === 'number' && first !== 3 && last !== 3) {
    throw new ModelDescriptionError(
      `The model's input ${shapeText(input)} does not have 3 colour channels; it must be [1,3,height,width] or [1,height,width,3].`,
    );
  }
  return input;
}

/**
 * Returns the name of the input for the size of the frame (RT-DETR and D-FINE: `orig_target_sizes`, int64 [1,2]), if the model
 * has one. Throws `ModelDescriptionError` for any other further input: its meaning is unknown.
 */
function sizeInputName({ inputs }: ModelMetadata, image: TensorMetadata): string | undefined {
  const others = inputs.filter((input) => input !== image);
  const size = others.find(({ name, type, shape }) => /size/i.test(name) && type === 'int64' && shape.at(-1) === 2);
  const unknown = others.find((input) => input !== size);
  if (unknown === undefined) return size?.name;
  throw new ModelDescriptionError(
    `The model has a further input ${shapeText(unknown)} of unknown meaning; export it with the image as its only input (or with "orig_target_sizes" int64 [1,2] beside it).`,
  );
}

/**
 * Returns type, size and channel order of the input. A free size comes from the JSON beside the model or from the file's metadata; that of a
 * MoveNet follows the camera where neither gives one.
 * Throws `ModelDescriptionError` for a type that cannot be filled, for a free size and for a size that contradicts the JSON.
 */
export function describeInput(
  metadata: ModelMetadata,
  input: TensorMetadata,
  facts: ModelFacts,
): ModelInputDescription {
  const { json } = facts;
  const { name, shape, type = 'float32' } = input;
  const inputType = inputTypes.find((known) => known === type);
  if (inputType === undefined) {
    throw new ModelDescriptionError(
      `The model's input ${name} is ${type}; export it with float32, float16 or uint8 inputs.`,
    );
  }
  const channelOrder = json.channelOrder ?? (shape[3] === 3 && shape[1] !== 3 ? 'nhwc' : 'nchw');
  const [height, width] = channelOrder === 'nhwc' ? shape.slice(1, 3) : shape.slice(2, 4);
  const resizable = isMoveNet(metadata.outputs) && isFree(height, width, facts);
  const size = resizable
    ? chooseInputSize({ frameSize: undefined, standingHeight: undefined })
    : fixedSize(height, width, facts);
  return {
    inputName: name,
    inputType,
    sizeInputName: sizeInputName(metadata, input),
    width: size.width,
    height: size.height,
    resizable,
    maxInputFactor: resizable ? json.maxInputFactor : undefined,
    channelOrder,
  };
}

type Side = number | string | undefined;

/** Neither the file nor the JSON beside it gives a size. */
function isFree(height: Side, width: Side, { json, imageSize }: ModelFacts): boolean {
  const given = [height, width].some((side) => typeof side === 'number' && side > 0);
  return !given && json.width === undefined && json.height === undefined && imageSize === undefined;
}

function fixedSize(height: Side, width: Side, { json, imageSize }: ModelFacts): InputSize {
  return {
    width: side('width', width, json.width, imageSize?.width),
    height: side('height', height, json.height, imageSize?.height),
  };
}

function side(name: string, own: Side, given: number | undefined, exported: number | undefined): number {
  if (typeof own === 'number' && own > 0) {
    if (given === undefined || given === own) return own;
    throw new ModelDescriptionError(
      `The JSON has ${name} ${given}, the model's input is ${own}; remove "${name}" from the JSON.`,
    );
  }
  const size = given ?? exported;
  if (size !== undefined) return size;
  throw new ModelDescriptionError(`The model's input ${name} is free; give "${name}" in the JSON beside the model.`);
}
