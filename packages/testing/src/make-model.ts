import { writeFile } from 'node:fs/promises';
import { type ModelBox, type ModelOutputLayout, modelOutput } from './model-output.ts';
import { OnnxGraph } from './onnx-graph.ts';

/**
 * `fixed`: answers its boxes; `nan`: everything is not a number; `bad_shape`: an output of no known layout; `slow`: `fixed` after
 * `matmuls` products of 512×512 matrices (roughly 2–10 ms each on one core); `truncated`: half of a good file.
 */
type ModelBehaviour = 'fixed' | 'nan' | 'bad_shape' | 'slow' | 'truncated';

export interface ModelOptions {
  /** Where the ONNX file goes. */
  file: string;
  layout?: ModelOutputLayout;
  /** Side of the square input in pixels, a multiple of 32. */
  size?: number;
  behaviour?: ModelBehaviour;
  /** What it finds in each frame; by default one person in the middle. */
  boxes?: readonly ModelBox[];
  /** What it sees instead when the picture's mean is above `brightness`: with clips of changing grey a scene can be played. */
  brightBoxes?: readonly ModelBox[];
  /** In the model's input range; by default half of it (0.5, or 127.5 for YOLOX). */
  brightness?: number;
  matmuls?: number;
}

/** Writes a small ONNX model with predictable answers (input `images` [1,3,size,size], output `output0`); answers its path. */
export async function makeModel(options: ModelOptions): Promise<string> {
  const bytes = modelBytes(options);
  await writeFile(options.file, options.behaviour === 'truncated' ? bytes.subarray(0, bytes.length >> 1) : bytes);
  return options.file;
}

function modelBytes(options: ModelOptions): Uint8Array {
  const { layout = 'yolo-detect', size = 320, behaviour = 'fixed', brightBoxes, matmuls = 400 } = options;
  const { brightness = layout === 'yolox' ? 127.5 : 0.5 } = options;
  const graph = new OnnxGraph();
  const mean = graph.mean('images');
  const plain = modelOutput(layout, size, options.boxes ?? [middle(size)]);
  const dims = behaviour === 'bad_shape' ? [1, 7, 3] : plain.dims;
  const data =
    behaviour === 'bad_shape' ? new Float32Array(21) : behaviour === 'nan' ? plain.data.fill(Number.NaN) : plain.data;
  let answer = graph.constant(data, dims);
  if (brightBoxes !== undefined && behaviour !== 'bad_shape') {
    const bright = modelOutput(layout, size, brightBoxes).data;
    const difference = graph.constant(
      bright.map((value, index) => value - (data[index] ?? 0)),
      dims,
    );
    answer = graph.node('Add', [answer, graph.node('Mul', [difference, isBright(graph, mean, brightness)])]);
  }
  const work = behaviour === 'slow' ? matrixProducts(graph, mean, matmuls) : mean;
  graph.node('Add', [answer, graph.node('Mul', [work, graph.constant([0])])], 'output0');
  return graph.encode({ name: 'images', dims: [1, 3, size, size] }, { name: 'output0', dims });
}

/** 1 where the mean is above the threshold, else 0. */
function isBright(graph: OnnxGraph, mean: string, threshold: number): string {
  const above = graph.node('Sub', [mean, graph.constant([threshold])]);
  return graph.node('Clip', [
    graph.node('Mul', [above, graph.constant([1e6])]),
    graph.constant([0]),
    graph.constant([1]),
  ]);
}

/** Work that cannot be folded away, because it depends on the picture; answers a finite scalar. */
function matrixProducts(graph: OnnxGraph, mean: string, count: number): string {
  const side = 512;
  const weights = graph.constant(new Float32Array(side * side).fill(1 / side), [side, side]);
  let product = graph.node('Add', [weights, graph.node('Mul', [mean, graph.constant([1e-6])])]);
  for (let index = 0; index < count; index++) {
    product = graph.node('MatMul', [product, weights]);
  }
  return graph.mean(product);
}

function middle(size: number): ModelBox {
  return { x1: size * 0.4, y1: size * 0.2, x2: size * 0.6, y2: size * 0.8 };
}
