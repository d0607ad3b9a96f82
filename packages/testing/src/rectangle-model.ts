import { writeFile } from 'node:fs/promises';
import { type ElementType, type GraphTensor, OnnxGraph } from './onnx-graph.ts';

/** How a generated model expects its pixels: RGB 0..1, BGR 0..255, or RGB 0..1 normalised with ImageNet's mean and deviation. */
type PixelRange = 'shares' | 'bgr-bytes' | 'imagenet';

export interface RectangleModelOptions {
  /** Where the ONNX file goes. */
  readonly file: string;
  /** Builds the outputs from the rectangle, as an exporter's layout does (`rectangle-layouts.ts`). */
  readonly outputs: (graph: OnnxGraph, rectangle: Rectangle) => readonly GraphTensor[];
  /** Default `shares`. */
  readonly pixels?: PixelRange | undefined;
  readonly inputType?: Exclude<ElementType, 'int64'> | undefined;
  readonly channelsLast?: boolean | undefined;
  /** `metadata_props` of the file. */
  readonly properties?: Readonly<Record<string, string>> | undefined;
  /** A second input `orig_target_sizes`, int64 [1, 2]: width and height. */
  readonly sizeInput?: boolean | undefined;
  /** The file leaves every side of the outputs free. */
  readonly freeOutputs?: boolean | undefined;
  /** First dimension of the input; a string is a free one. Default 1. */
  readonly batch?: number | string | undefined;
}

/** The bounding box of the white pixels of a picture: names of tensors with one number each, px of the input; 0 where none is white. */
export interface Rectangle {
  readonly x1: string;
  readonly y1: string;
  readonly x2: string;
  readonly y2: string;
  /** 0.9, or 0 where no pixel is white. */
  readonly score: string;
}

/** Side of the model's square input, px. */
export const rectangleModelSize = 320;

const least = { shares: 0.9, 'bgr-bytes': 229, imagenet: 2.1 };

/**
 * Writes a small ONNX model that finds the bounding box of all white pixels: a "person" with a known place in any picture, so that
 * feeding and reading are tested together. Returns the file's path.
 */
export async function makeRectangleModel(options: RectangleModelOptions): Promise<string> {
  const { pixels = 'shares', inputType = 'float32', channelsLast = false, batch = 1 } = options;
  const graph = new OnnxGraph();
  const floats = inputType === 'float32' ? 'images' : graph.cast('images', 'float32');
  const planar = channelsLast ? graph.node('Transpose', [floats], undefined, { perm: [0, 3, 1, 2] }) : floats;
  // a byte of a uint8 input has the range of bytes
  const threshold = inputType === 'uint8' ? least['bgr-bytes'] : least[pixels];
  const outputs = options.outputs(graph, whiteRectangle(graph, planar, threshold));
  const size = rectangleModelSize;
  const picture: GraphTensor = {
    name: 'images',
    dims: channelsLast ? [batch, size, size, 3] : [batch, 3, size, size],
    type: inputType,
  };
  const sizes: GraphTensor = { name: 'orig_target_sizes', dims: [1, 2], type: 'int64' };
  const inputs = options.sizeInput === true ? [picture, sizes] : [picture];
  const announced = outputs.map(({ name, dims, type = 'float32' }) => ({
    name,
    type,
    dims: options.freeOutputs === true ? dims.map((_, index) => `${name}_${index}`) : dims,
  }));
  await writeFile(options.file, graph.encode(inputs, announced, options.properties));
  return options.file;
}

function whiteRectangle(graph: OnnxGraph, image: string, threshold: number): Rectangle {
  const size = rectangleModelSize;
  const darkest = graph.node('ReduceMin', [image], undefined, { axes: [1], keepdims: 0 });
  const white = graph.node('Greater', [darkest, graph.constant([threshold])]);
  const steps = Float32Array.from({ length: size }, (_, index) => index);
  const columns = graph.constant(steps, [1, 1, size]);
  const rows = graph.constant(steps, [1, size, 1]);
  const one = graph.integers([1]);
  const edge = (operator: 'ReduceMin' | 'ReduceMax', coordinate: string, otherwise: number): string => {
    const kept = graph.node('Where', [white, coordinate, graph.constant([otherwise])]);
    return graph.node('Reshape', [graph.node(operator, [kept], undefined, { keepdims: 0 }), one]);
  };
  const [x1, y1] = [edge('ReduceMin', columns, size), edge('ReduceMin', rows, size)];
  const [right, bottom] = [edge('ReduceMax', columns, -1), edge('ReduceMax', rows, -1)];
  const found = graph.cast(graph.node('Greater', [right, graph.constant([0])]), 'float32');
  const ifFound = (value: string): string => graph.node('Mul', [value, found]);
  const next = (value: string): string => graph.node('Add', [value, graph.constant([1])]);
  return {
    x1: ifFound(x1),
    y1: ifFound(y1),
    x2: ifFound(next(right)),
    y2: ifFound(next(bottom)),
    score: graph.node('Mul', [found, graph.constant([0.9])]),
  };
}
