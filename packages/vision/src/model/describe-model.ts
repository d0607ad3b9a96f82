import { z } from 'zod';
import { chooseInputSize } from '../movenet/choose-input-size.ts';
import { cocoLabels } from './coco-labels.ts';
import { detectLayout } from './detect-layout.ts';
import {
  type ModelDescription,
  ModelDescriptionError,
  type ModelLayout,
  type ModelMetadata,
  type TensorMetadata,
} from './model-description.ts';
import { type ModelJson, modelJsonSchema } from './model-json.ts';

/** What the published exports of each layout expect: Ultralytics 0..1 RGB; YOLOX 0..255 BGR; MoveNet 0..255 RGB. */
const defaults: Record<ModelLayout, Pick<ModelDescription, 'colour' | 'scale'>> = {
  'yolo-detect': { colour: 'rgb', scale: 1 / 255 },
  'yolo-pose': { colour: 'rgb', scale: 1 / 255 },
  yolox: { colour: 'bgr', scale: 1 },
  'end-to-end': { colour: 'rgb', scale: 1 / 255 },
  movenet: { colour: 'rgb', scale: 1 },
};

function parseJson(json: unknown): ModelJson {
  const parsed = modelJsonSchema.safeParse(json ?? {});
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || '(whole file)'}: ${issue.message}`);
  throw new ModelDescriptionError(`The JSON beside the model is wrong: ${where.join('; ')}.`, {
    cause: z.treeifyError(parsed.error),
  });
}

function inputSize(
  input: TensorMetadata,
  json: ModelJson,
  layout: ModelLayout,
): Pick<ModelDescription, 'width' | 'height' | 'channelOrder' | 'resizable' | 'maxInputFactor'> {
  const channelOrder = json.channelOrder ?? (input.shape[3] === 3 && input.shape[1] !== 3 ? 'nhwc' : 'nchw');
  const [height, width] = channelOrder === 'nhwc' ? input.shape.slice(1, 3) : input.shape.slice(2, 4);
  const isFree = typeof height !== 'number' && typeof width !== 'number';
  if (layout === 'movenet' && isFree && json.width === undefined && json.height === undefined) {
    const { width, height } = chooseInputSize({ source: undefined, standingHeight: undefined });
    return { width, height, channelOrder, resizable: true, maxInputFactor: json.maxInputFactor };
  }
  const side = (own: number | string | undefined, given: number | undefined, name: string): number => {
    if (typeof own === 'number' && own > 0) {
      if (given !== undefined && given !== own) {
        throw new ModelDescriptionError(
          `The JSON says ${name} ${given}, the model's input is ${own}; remove "${name}" from the JSON.`,
        );
      }
      return own;
    }
    if (given !== undefined) return given;
    throw new ModelDescriptionError(`The model's input ${name} is free; give "${name}" in the JSON beside the model.`);
  };
  return {
    width: side(width, json.width, 'width'),
    height: side(height, json.height, 'height'),
    channelOrder,
    resizable: false,
  };
}

function labelsFor(layout: ModelLayout, outputs: readonly TensorMetadata[]): readonly string[] {
  const [, rows] = outputs[0]?.shape ?? [];
  if (layout === 'yolo-pose' || layout === 'movenet') return ['person'];
  if (layout !== 'yolo-detect' || rows === 84) return cocoLabels;
  // One class and no names given: a person detector is by far the likeliest, and the only one of use here.
  if (rows === 5) return ['person'];
  throw new ModelDescriptionError(
    `The model has ${Number(rows) - 4} classes that are not COCO's 80; name them as "labels" in the JSON beside it.`,
  );
}

/**
 * Joins what the model file tells (names and shapes, as in `session.inputMetadata`) with the optional JSON beside it.
 * Throws `ModelDescriptionError` (`model_invalid`) for unknown shapes, a wrong JSON or a contradiction between the two.
 */
export function describeModel(metadata: ModelMetadata, json?: unknown): ModelDescription {
  const extra = parseJson(json);
  const [input] = metadata.inputs;
  if (input === undefined || input.shape.length !== 4) {
    throw new ModelDescriptionError(
      `The model's input ${input ? `${input.name} [${input.shape.join(',')}]` : '(none)'} is no picture; it must be [1,3,height,width] or [1,height,width,3].`,
    );
  }
  if (input.type !== undefined && input.type !== 'float32') {
    throw new ModelDescriptionError(`The model's input ${input.name} is ${input.type}; export it with float32 inputs.`);
  }
  const layout = extra.layout ?? detectLayout(metadata);
  if (typeof layout === 'object') throw new ModelDescriptionError(layout.error);
  return {
    layout,
    inputName: input.name,
    outputs: metadata.outputs,
    ...inputSize(input, extra, layout),
    colour: extra.colour ?? defaults[layout].colour,
    scale: extra.scale === undefined ? defaults[layout].scale : extra.scale === '0..1' ? 1 / 255 : 1,
    labels: extra.labels === 'coco' ? cocoLabels : (extra.labels ?? labelsFor(layout, metadata.outputs)),
    calibration: extra.calibration,
    passes: extra.passes ?? [0],
  };
}
