/** One translator for each TensorFlow operation of MobileNetV2, its feature pyramid and MoveNet's heads. ONNX operators: opset 13. */
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
  AddV2: (context) => elementwise(context, 'Add'),
  Sub: (context) => elementwise(context, 'Sub'),
  Mul: (context) => elementwise(context, 'Mul'),
  Sigmoid: (context) => unary(context, 'Sigmoid'),
  // The picture comes in whole numbers in TensorFlow, in float32 here.
  Cast: (context) => unary(context, 'Identity'),
  ResizeBilinear: resizeBilinear,
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
  const [activation, ...more] = listOf(node, 'fused_ops').filter((name) => name !== 'BiasAdd');
  if (more.length > 0) throw unsupported(node, `fused_ops ${[activation, ...more].join(', ')}`);
  const result = value(node.name);
  const attributes = { ...windowOf(node), kernel_shape: weight.shape.slice(2) };
  /** @type {OnnxNode} */
  const conv = {
    op: 'Conv',
    inputs,
    outputs: [activation === undefined ? result : `${result}/conv`],
    attributes: depthwise ? { ...attributes, group: weight.shape[0] ?? 1 } : attributes,
  };
  if (activation === undefined) return [conv];
  return [conv, activate({ node, tensors }, activation, { from: `${result}/conv`, to: result })];
}

/**
 * @param {Pick<Context, 'node' | 'tensors'>} context
 * @param {number | string} activation
 * @param {{ from: string, to: string }} names
 * @returns {OnnxNode}
 */
function activate({ node, tensors }, activation, { from, to }) {
  if (activation === 'Relu') return { op: 'Relu', inputs: [from], outputs: [to], attributes: {} };
  if (activation !== 'Relu6') throw unsupported(node, `fused_ops ${activation}`);
  tensors.set('clip/min', { shape: [], data: Float32Array.of(0) });
  tensors.set('clip/max', { shape: [], data: Float32Array.of(6) });
  return { op: 'Clip', inputs: [from, 'clip/min', 'clip/max'], outputs: [to], attributes: {} };
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
 * @returns {OnnxNode[]}
 */
function unary({ node, value }, op) {
  return [{ op, inputs: [value(node.inputs[0] ?? '')], outputs: [value(node.name)], attributes: {} }];
}

/**
 * Doubles both sides. The finished model is checked on pictures, which would show another factor.
 * @param {Context} context
 * @returns {OnnxNode[]}
 */
function resizeBilinear({ node, tensors, value }) {
  if (node.attributes.align_corners || !node.attributes.half_pixel_centers)
    throw unsupported(node, 'its corner handling');
  tensors.set('resize/scales', { shape: [4], data: Float32Array.of(1, 1, 2, 2) });
  const attributes = { mode: 'linear', coordinate_transformation_mode: 'half_pixel' };
  const inputs = [value(node.inputs[0] ?? ''), '', 'resize/scales'];
  return [{ op: 'Resize', inputs, outputs: [value(node.name)], attributes }];
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
