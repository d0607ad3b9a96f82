/** Translates a TensorFlow.js graph into ONNX nodes. TensorFlow's NHWC becomes ONNX's NCHW, for inputs and outputs too. */
import { translators } from './translators.mjs';

/** @typedef {import('./tfjs-graph.mjs').Graph} Graph */
/** @typedef {import('./tfjs-graph.mjs').GraphNode} GraphNode */
/** @typedef {number | string | number[]} OnnxAttribute */
/** @typedef {{ op: string, inputs: string[], outputs: string[], attributes: Record<string, OnnxAttribute> }} OnnxNode */
/** @typedef {number | string} Side a text names a side that is free */
/** @typedef {{ name: string, node: string, shape: Side[] }} Port `name` in the ONNX file of TensorFlow's `node` */
/** @typedef {{ shape: number[], data: Float32Array | BigInt64Array }} Tensor */
/** @typedef {{ inputs: Port[], outputs: Port[], nodes: OnnxNode[], tensors: Map<string, Tensor> }} OnnxGraph */

/**
 * @param {Graph} graph
 * @param {{ input: Port, outputs: Port[] }} ports NCHW shapes; everything behind the outputs is cut off
 * @returns {OnnxGraph}
 * @throws {Error} for an operation or an attribute without a translation, naming the node
 */
export function translate(graph, { input, outputs }) {
  const names = new Map([input, ...outputs].map(({ node, name }) => [node, name]));
  const value = (/** @type {string} */ node) => names.get(node) ?? node;
  /** @type {OnnxGraph} */
  const onnx = { inputs: [input], outputs, nodes: [], tensors: new Map() };
  for (const node of inOrder(graph, input.node, outputs)) {
    if (node.name === input.node) continue;
    const translator = translators[node.op];
    if (!translator) throw new Error(`Node ${node.name}: the operation ${node.op} has no translation to ONNX.`);
    onnx.nodes.push(...translator({ node, graph, tensors: onnx.tensors, value }));
  }
  return onnx;
}

/**
 * @param {Graph} graph
 * @param {string} inputName
 * @param {Port[]} outputs
 * @returns {GraphNode[]} what the outputs need, each node after its inputs
 */
function inOrder(graph, inputName, outputs) {
  /** @type {Map<string, GraphNode>} */
  const ordered = new Map();
  const visit = (/** @type {string} */ name) => {
    const node = graph.nodes.get(name);
    if (!node) throw new Error(`The graph has no node ${name}.`);
    if (ordered.has(name) || graph.weights.has(name)) return;
    if (name !== inputName) {
      dataInputs(node).forEach(visit);
    }
    ordered.set(name, node);
  };
  for (const { node } of outputs) {
    visit(node);
  }
  return [...ordered.values()];
}

/**
 * Returns the inputs to follow. The graph computes the new size of a resize as twice the old one; the translator writes that
 * factor itself.
 * @param {GraphNode} node
 */
function dataInputs({ op, inputs }) {
  return op === 'ResizeBilinear' ? inputs.slice(0, 1) : inputs;
}
