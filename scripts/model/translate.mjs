/**
 * Translates a TensorFlow.js graph into ONNX nodes. TensorFlow's NHWC becomes ONNX's NCHW inside; the graph's input and outputs
 * keep their NHWC shapes, so that whoever knows the original model can use the new one.
 */
import { translators } from './translators.mjs';

/** @typedef {import('./tfjs-graph.mjs').Graph} Graph */
/** @typedef {import('./tfjs-graph.mjs').GraphNode} GraphNode */
/** @typedef {number | string | number[]} OnnxAttribute */
/** @typedef {{ op: string, inputs: string[], outputs: string[], attributes: Record<string, OnnxAttribute> }} OnnxNode */
/** @typedef {{ name: string, shape: number[] }} Port */
/** @typedef {{ shape: number[], data: Float32Array | BigInt64Array }} Tensor */
/** @typedef {{ inputs: Port[], outputs: Port[], nodes: OnnxNode[], tensors: Map<string, Tensor> }} OnnxGraph */

/**
 * @param {Graph} graph
 * @param {{ input: Port, outputs: Port[] }} ports NHWC shapes; everything behind the outputs is cut off
 * @returns {OnnxGraph}
 * @throws {Error} for an operation or an attribute without a translation, naming the node
 */
export function translate(graph, { input, outputs }) {
  /** @type {OnnxGraph} */
  const onnx = { inputs: [input], outputs, nodes: [], tensors: new Map() };
  for (const node of inOrder(graph, input.name, outputs)) {
    if (node.name === input.name) {
      onnx.nodes.push(transpose(input.name, inside(input.name), [0, 3, 1, 2]));
      continue;
    }
    const translator = translators[node.op];
    if (!translator) throw new Error(`Node ${node.name}: the operation ${node.op} has no translation to ONNX.`);
    onnx.nodes.push(...translator({ node, graph, tensors: onnx.tensors, value: inside }));
  }
  for (const output of outputs) onnx.nodes.push(transpose(inside(output.name), output.name, [0, 2, 3, 1]));
  return onnx;
}

/** @param {string} name the NCHW value of a node; the bare name is taken by the NHWC outputs */
function inside(name) {
  return `${name}:nchw`;
}

/**
 * @param {string} from
 * @param {string} to
 * @param {number[]} perm
 * @returns {OnnxNode}
 */
function transpose(from, to, perm) {
  return { op: 'Transpose', inputs: [from], outputs: [to], attributes: { perm } };
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
    if (name !== inputName) node.inputs.forEach(visit);
    ordered.set(name, node);
  };
  for (const { name } of outputs) visit(name);
  return [...ordered.values()];
}
