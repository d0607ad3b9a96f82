import type { GraphTensor, OnnxGraph } from './onnx-graph.ts';
import { type Rectangle, type RectangleModelOptions, rectangleModelSize as size } from './rectangle-model.ts';

type Build = RectangleModelOptions['outputs'];

/** Cells of the grids of strides 8, 16 and 32. */
const cells = (size / 8) ** 2 + (size / 16) ** 2 + (size / 32) ** 2;
const objects = 300;

/** A number in a row: a tensor, or the same for every picture. */
type Value = string | number;

/** An output with one filled object; the others are zeros (`filler`). */
function output(
  graph: OnnxGraph,
  options: {
    readonly name: string;
    readonly values: readonly Value[];
    readonly count: number;
    readonly columns?: boolean;
    readonly filler?: number;
    /** Without the dimension of the batch. */
    readonly flat?: boolean;
    readonly dims?: readonly number[];
    readonly type?: 'float16' | 'int64' | undefined;
  },
): GraphTensor {
  const { name, values, count, columns = false, filler = 0, flat = false, type } = options;
  const numbers = values.length;
  const parts = values.map((value) => (typeof value === 'string' ? value : graph.constant([value], [1])));
  const row = graph.node('Concat', parts, undefined, { axis: 0 });
  const shape = flat ? [1, numbers] : columns ? [1, numbers, 1] : [1, 1, numbers];
  const padding = flat ? [0, 0, count - 1, 0] : columns ? [0, 0, 0, 0, 0, count - 1] : [0, 0, 0, 0, count - 1, 0];
  const one = graph.node('Reshape', [row, graph.integers(shape)]);
  const padded = graph.node('Pad', [one, graph.integers(padding), graph.constant([filler])]);
  const dims = options.dims ?? (flat ? [count, numbers] : columns ? [1, numbers, count] : [1, count, numbers]);
  const shaped = graph.node('Reshape', [padded, graph.integers(dims)], type === undefined ? name : undefined);
  if (type !== undefined) {
    graph.cast(shaped, type, name);
  }
  return { name, dims, type: type ?? 'float32' };
}

const corners = ({ x1, y1, x2, y2 }: Rectangle): string[] => [x1, y1, x2, y2];

function centre(graph: OnnxGraph, { x1, y1, x2, y2 }: Rectangle): string[] {
  const half = (a: string, b: string): string => graph.node('Mul', [graph.node('Add', [a, b]), graph.constant([0.5])]);
  return [half(x1, x2), half(y1, y2), graph.node('Sub', [x2, x1]), graph.node('Sub', [y2, y1])];
}

const shares = (graph: OnnxGraph, values: readonly string[]): string[] =>
  values.map((value) => graph.node('Mul', [value, graph.constant([1 / size])]));

/** Scores of `classes` classes, of which one is the person. */
function classScores(score: Value, classes: number, person: number, others = 0): Value[] {
  return Array.from({ length: classes }, (_, id) => (id === person ? score : others));
}

/** Joints down the middle of the box, the first at its top: x, y and, with three numbers, visibility 0.8. */
function joints(graph: OnnxGraph, rectangle: Rectangle, count: number, numbers: 2 | 3): Value[] {
  const [cx = '', , , height = ''] = centre(graph, rectangle);
  return Array.from({ length: count }, (_, index) => {
    const down = graph.node('Mul', [height, graph.constant([index / Math.max(count - 1, 1)])]);
    const y = graph.node('Add', [rectangle.y1, down]);
    return numbers === 3 ? [cx, y, 0.8] : [cx, y];
  }).flat();
}

/** Ultralytics detect: `[1, 4 + classes, cells]`, or transposed. */
export function detect(
  options: {
    classes?: number;
    person?: number;
    rows?: boolean;
    share?: boolean;
    type?: 'float16' | undefined;
    count?: number;
  } = {},
): Build {
  const { classes = 80, person = 0, rows = false, share = false, type, count = cells } = options;
  return (graph, rectangle) => {
    const box = centre(graph, rectangle);
    const values = [...(share ? shares(graph, box) : box), ...classScores(rectangle.score, classes, person)];
    return [output(graph, { name: 'output0', values, count, columns: !rows, type })];
  };
}

/** Ultralytics segment: 32 mask coefficients after the scores, and the prototypes. */
export function segment(classes: number): Build {
  return (graph, rectangle) => {
    const masks = Array.from({ length: 32 }, () => -3);
    const values = [...centre(graph, rectangle), ...classScores(rectangle.score, classes, 0), ...masks];
    const prototypes = output(graph, { name: 'output1', values: [1], count: 32 * 6400, dims: [1, 32, 80, 80] });
    return [output(graph, { name: 'output0', values, count: cells, columns: true }), prototypes];
  };
}

/** Ultralytics pose: `[1, 4 + classes + joints × numbers, cells]`. */
export function pose(count: number, numbers: 2 | 3 = 3, classes = 1): Build {
  return (graph, rectangle) => {
    const scores = classScores(rectangle.score, classes, 0);
    const values = [...centre(graph, rectangle), ...scores, ...joints(graph, rectangle, count, numbers)];
    return [output(graph, { name: 'output0', values, count: cells, columns: true })];
  };
}

/** `[1, N, 5 + classes]` with objectness: YOLOv5, YOLOv6 (`outputs`, objectness 1), YOLOX with its decoding inside (`output`). */
export function objectness(options: { name?: string; count?: number; classes?: number; raw?: boolean } = {}): Build {
  const { name = 'outputs', count = cells, classes = 80, raw = false } = options;
  return (graph, rectangle) => {
    const box = centre(graph, rectangle);
    const values = [...(raw ? cellCoded(graph, box) : box), 1, ...classScores(rectangle.score, classes, 0)];
    return [output(graph, { name, values, count })];
  };
}

/** YOLOX before its grid decoding, in the first cell of stride 8. */
function cellCoded(graph: OnnxGraph, [cx = '', cy = '', width = '', height = '']: string[]): string[] {
  const strides = (value: string): string => graph.node('Mul', [value, graph.constant([1 / 8])]);
  const logarithm = (value: string): string =>
    graph.node('Log', [graph.node('Max', [strides(value), graph.constant([0.1])])]);
  return [strides(cx), strides(cy), logarithm(width), logarithm(height)];
}

/** `[1, 300, 6 + rest]`: corners, score and class id, or class id and score; then joints or mask coefficients. */
export function endToEnd(
  options: { person?: number; share?: boolean; classFirst?: boolean; pose?: number; masks?: boolean } = {},
): Build {
  const { person = 0, share = false, classFirst = false, masks = false } = options;
  return (graph, rectangle) => {
    const box = share ? shares(graph, corners(rectangle)) : corners(rectangle);
    const scored = classFirst ? [person, rectangle.score] : [rectangle.score, person];
    const rest = options.pose === undefined ? [] : joints(graph, rectangle, options.pose, 3);
    const values = [...box, ...scored, ...rest, ...(masks ? Array.from({ length: 32 }, () => -3) : [])];
    return [output(graph, { name: 'output0', values, count: objects })];
  };
}

/** `[objects, 7]`: index in the batch, corners, then score and class id (YOLO-NAS) or class id and score (YOLOv7). */
export function flat(classFirst = false): Build {
  return (graph, rectangle) => {
    const scored = classFirst ? [0, rectangle.score] : [rectangle.score, 0];
    return [output(graph, { name: 'output', values: [0, ...corners(rectangle), ...scored], count: 20, flat: true })];
  };
}

/** The DETR family before its post-processing: shares and logits (RF-DETR: `dets`, `labels` of 91 category ids). */
export function detr(names: { boxes: string; scores: string }, classes: number, person: number): Build {
  return (graph, rectangle) => {
    const logit = graph.node('Sub', [graph.node('Mul', [rectangle.score, graph.constant([10])]), graph.constant([5])]);
    const scores = classScores(logit, classes, person, -6);
    return [
      output(graph, { name: names.boxes, values: shares(graph, centre(graph, rectangle)), count: objects }),
      output(graph, { name: names.scores, values: scores, count: objects, filler: -6 }),
    ];
  };
}

/** Boxes and a probability per class, as YOLO-NAS gives them without its post-processing. */
export function boxesAndScores(): Build {
  return (graph, rectangle) => [
    output(graph, { name: 'boxes', values: corners(rectangle), count: cells }),
    output(graph, { name: 'scores', values: classScores(rectangle.score, 80, 0), count: cells }),
  ];
}

/** Labels, boxes and scores, as RT-DETR and D-FINE give them after their post-processing; with a second input boxes are scaled by it. */
export function labelsBoxesScores(scaledBySize = false): Build {
  return (graph, rectangle) => {
    const box = scaledBySize ? timesSize(graph, shares(graph, corners(rectangle))) : corners(rectangle);
    return [
      output(graph, { name: 'labels', values: [0], count: objects, dims: [1, objects], type: 'int64' }),
      output(graph, { name: 'boxes', values: box, count: objects }),
      output(graph, { name: 'scores', values: [rectangle.score], count: objects, dims: [1, objects] }),
    ];
  };
}

function timesSize(graph: OnnxGraph, box: readonly string[]): string[] {
  const sizes = graph.node('Reshape', [graph.cast('orig_target_sizes', 'float32'), graph.integers([2])]);
  return box.map((value, index) => {
    const side = graph.node('Gather', [sizes, graph.integers([index % 2])]);
    return graph.node('Mul', [value, side]);
  });
}

/** RTMO: `dets` [1, N, 5], `keypoints` [1, N, joints, 3]. */
export function rtmo(count = 17): Build {
  return (graph, rectangle) => [
    output(graph, { name: 'dets', values: [...corners(rectangle), rectangle.score], count: 50 }),
    output(graph, {
      name: 'keypoints',
      values: joints(graph, rectangle, count, 3),
      count: 50,
      dims: [1, 50, count, 3],
    }),
  ];
}
