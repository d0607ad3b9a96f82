/** One translator for each TensorFlow operation of MobileNetV3 and the CenterNet head. ONNX operators: opset 13. */
import { oihw, perChannel } from './weight-layout.mjs';

/** @typedef {import('./translate.mjs').OnnxNode} OnnxNode */
/** @typedef {import('./translate.mjs').OnnxAttribute} OnnxAttribute */
/** @typedef {import('./translate.mjs').Tensor} Tensor */
/** @typedef {import('./tfjs-graph.mjs').Graph} Graph */
/** @typedef {import('./tfjs-graph.mjs').GraphNode} GraphNode */
/** @typedef {{ node: GraphNode, graph: Graph, tensors: Map<string, Tensor>, value: (name: string) => string }} Context */

/** @type {Record<string, (context: Context) => OnnxNode[]>} */
export const translators = {
  _FusedConv2D: (context) => convolution(context, { depthwise: false }),
  Conv2D: (context) => convolution(context, { depthwise: false }),
  FusedDepthwiseConv2dNative: (context) => convolution(context, { depthwise: true }),
  DepthwiseConv2dNative: (context) => convolution(context, { depthwise: true }),
  Add: (context) => elementwise(context, 'Add'),
  Mul: (context) => elementwise(context, 'Mul'),
  Relu: (context) => unary(context, 'Relu'),
  Relu6: clip6,
  Sigmoid: (context) => unary(context, 'Sigmoid'),
  HardSigmoid: (context) => unary(context, 'HardSigmoid', { alpha: 1 / 6, beta: 0.5 }),
  Identity: (context) => unary(context, 'Identity'),
  Mean: meanOverPicture,
  ConcatV2: concatChannels,
  ResizeBilinear: resizeBilinear,
  MaxPool: maxPool,
};

/**
 * @param {Context} context
 * @param {{ depthwise: boolean }} kind
 * @returns {OnnxNode[]}
 */
function convolution({ node, graph, tensors, value }, { depthwise }) {
  const [input = '', weightName = '', biasName] = node.inputs;
  const weight = oihw(weightOf(graph, node, weightName), { depthwise });
  tensors.set(weightName, weight);
  const inputs = [value(input), weightName];
  if (biasName !== undefined) {
    const bias = weightOf(graph, node, biasName);
    tensors.set(biasName, { shape: [bias.data.length], data: Float32Array.from(bias.data) });
    inputs.push(biasName);
  }
  const fused = listOf(node, 'fused_ops').filter((name) => name !== 'BiasAdd');
  if (fused.some((name) => name !== 'Relu')) throw unsupported(node, `fused_ops ${fused.join(', ')}`);
  const relu = fused.length > 0;
  const result = value(node.name);
  /** @type {OnnxNode} */
  const conv = {
    op: 'Conv',
    inputs,
    outputs: [relu ? `${result}/conv` : result],
    attributes: {
      ...windowOf(node),
      kernel_shape: weight.shape.slice(2),
      ...(depthwise ? { group: weight.shape[0] ?? 1 } : {}),
    },
  };
  return relu ? [conv, { op: 'Relu', inputs: conv.outputs, outputs: [result], attributes: {} }] : [conv];
}

/**
 * @param {Context} context
 * @param {string} op
 * @returns {OnnxNode[]}
 */
function elementwise({ node, graph, tensors, value }, op) {
  const inputs = node.inputs.map((name) => {
    const weight = graph.weights.get(name);
    if (!weight) return value(name);
    tensors.set(name, perChannel(weight));
    return name;
  });
  return [{ op, inputs, outputs: [value(node.name)], attributes: {} }];
}

/**
 * @param {Context} context
 * @param {string} op
 * @param {Record<string, OnnxAttribute>} [attributes]
 * @returns {OnnxNode[]}
 */
function unary({ node, value }, op, attributes = {}) {
  return [{ op, inputs: [value(node.inputs[0] ?? '')], outputs: [value(node.name)], attributes }];
}

/**
 * @param {Context} context
 * @returns {OnnxNode[]}
 */
function clip6({ node, tensors, value }) {
  tensors.set('clip/min', { shape: [], data: Float32Array.of(0) });
  tensors.set('clip/max', { shape: [], data: Float32Array.of(6) });
  const inputs = [value(node.inputs[0] ?? ''), 'clip/min', 'clip/max'];
  return [{ op: 'Clip', inputs, outputs: [value(node.name)], attributes: {} }];
}

/**
 * @param {Context} context
 * @returns {OnnxNode[]}
 */
function meanOverPicture(context) {
  const { node, graph } = context;
  const axes = [...weightOf(graph, node, node.inputs[1] ?? '').data].join();
  if (axes !== '1,2' || node.attributes.keep_dims !== true) throw unsupported(node, `Mean over axes ${axes}`);
  return unary(context, 'GlobalAveragePool');
}

/**
 * @param {Context} context
 * @returns {OnnxNode[]}
 */
function concatChannels({ node, graph, value }) {
  const axis = weightOf(graph, node, node.inputs.at(-1) ?? '').data[0];
  if (axis !== 3 && axis !== -1) throw unsupported(node, `ConcatV2 on axis ${axis}`);
  return [
    { op: 'Concat', inputs: node.inputs.slice(0, -1).map(value), outputs: [value(node.name)], attributes: { axis: 1 } },
  ];
}

/**
 * The graph computes the new size as twice the old one; that is taken as given, and checked with the finished model.
 * @param {Context} context
 * @returns {OnnxNode[]}
 */
function resizeBilinear({ node, tensors, value }) {
  if (node.attributes.align_corners || node.attributes.half_pixel_centers)
    throw unsupported(node, 'its corner handling');
  tensors.set('resize/scales', { shape: [4], data: Float32Array.of(1, 1, 2, 2) });
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'asymmetric' };
  const inputs = [value(node.inputs[0] ?? ''), '', 'resize/scales'];
  return [{ op: 'Resize', inputs, outputs: [value(node.name)], attributes }];
}

/**
 * @param {Context} context
 * @returns {OnnxNode[]}
 */
function maxPool(context) {
  const kernel = listOf(context.node, 'ksize').slice(1, 3).map(Number);
  return unary(context, 'MaxPool', { ...windowOf(context.node), kernel_shape: kernel });
}

/**
 * @param {GraphNode} node
 * @returns {Record<string, OnnxAttribute>} padding and strides
 */
function windowOf(node) {
  if (listOf(node, 'dilations').some((step) => step !== 1)) throw unsupported(node, 'dilations');
  const strides = listOf(node, 'strides').slice(1, 3).map(Number);
  if (node.attributes.padding === 'SAME') return { auto_pad: 'SAME_UPPER', strides };
  if (node.attributes.padding === 'VALID') return { auto_pad: 'VALID', strides };
  throw unsupported(node, `padding ${String(node.attributes.padding)}`);
}

/**
 * @param {GraphNode} node
 * @param {string} name
 * @returns {(number | string)[]} empty when the attribute is missing
 */
function listOf(node, name) {
  const list = node.attributes[name];
  return Array.isArray(list) ? list : [];
}

/**
 * @param {Graph} graph
 * @param {GraphNode} node
 * @param {string} name
 */
function weightOf(graph, node, name) {
  const weight = graph.weights.get(name);
  if (!weight) throw unsupported(node, `an input ${name} that is not a constant`);
  return weight;
}

/**
 * @param {GraphNode} node
 * @param {string} what
 */
function unsupported(node, what) {
  return new Error(`Node ${node.name} (${node.op}): ${what} has no translation to ONNX.`);
}
