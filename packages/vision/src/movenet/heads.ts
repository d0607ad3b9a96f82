import { ModelOutputError, type TensorMetadata, type TensorView } from '../model/model-description.ts';
import { jointCount } from '../posture/body-points.ts';

/** One of the network's maps, channels first: `channels × rows × columns` numbers. */
export interface FeatureMap {
  readonly data: Float32Array;
  readonly rows: number;
  readonly columns: number;
}

/** The outputs of MoveNet MultiPose as `scripts/model` exports it. A cell is four pixels of the input wide and high. */
export interface MoveNetHeads {
  /** Score of a person's centre, 0..1. One channel. */
  readonly centre: FeatureMap;
  /** Height and width of the person's box, cells. */
  readonly boxSize: FeatureMap;
  /** y and x from the cell to the centre of the box, cells. */
  readonly boxOffset: FeatureMap;
  /** Visibility of each joint, 0..1. 17 channels. */
  readonly jointHeat: FeatureMap;
  /** y and x of each joint from the person's cell, cells. 34 channels. */
  readonly jointRegression: FeatureMap;
  /** y and x of each joint from its own cell, cells. 34 channels. */
  readonly jointOffset: FeatureMap;
}

/** Pixels of the input per cell. */
export const stride = 4;

/** Names of the outputs, with their channels: this is how a MoveNet is recognised. */
export const moveNetOutputs = {
  centre: 1,
  box_size: 2,
  box_offset: 2,
  joint_heat: jointCount,
  joint_regression: 2 * jointCount,
  joint_offset: 2 * jointCount,
} as const;

/** Returns whether the outputs of a model file are the six heads. */
export function isMoveNet(outputs: readonly TensorMetadata[]): boolean {
  return Object.entries(moveNetOutputs).every(([name, channels]) =>
    outputs.some((output) => output.name === name && output.shape[1] === channels),
  );
}

/** Picks the heads from a model's outputs. Throws `ModelOutputError` where one is missing or of another shape. */
export function moveNetHeads(outputs: Readonly<Record<string, TensorView>>): MoveNetHeads {
  return {
    centre: pick(outputs, 'centre'),
    boxSize: pick(outputs, 'box_size'),
    boxOffset: pick(outputs, 'box_offset'),
    jointHeat: pick(outputs, 'joint_heat'),
    jointRegression: pick(outputs, 'joint_regression'),
    jointOffset: pick(outputs, 'joint_offset'),
  };
}

function pick(outputs: Readonly<Record<string, TensorView>>, name: keyof typeof moveNetOutputs): FeatureMap {
  const tensor = outputs[name];
  const [, channels, rows = 0, columns = 0] = tensor?.dims ?? [];
  if (tensor === undefined || channels !== moveNetOutputs[name]) {
    throw new ModelOutputError(
      `The model's output ${name} is ${tensor ? `[${tensor.dims.join(',')}]` : 'missing'}; a MoveNet has [1,${moveNetOutputs[name]},height/4,width/4] there.`,
    );
  }
  return { data: tensor.data, rows, columns };
}

/** Returns a number of a map; the cell must lie inside. */
export const valueAt = ({ data, rows, columns }: FeatureMap, channel: number, y: number, x: number): number =>
  data[(channel * rows + y) * columns + x] as number;
