/**
 * TensorFlow writes hard-swish and hard-sigmoid (MobileNetV3, Howard et al. 2019, section 5.2) as three or four elementwise
 * nodes. Each becomes one node here: these passes over large feature maps cost more than they compute.
 */

/** @typedef {import('./tfjs-graph.mjs').Graph} Graph */
/** @typedef {import('./tfjs-graph.mjs').GraphNode} GraphNode */

/**
 * @param {Graph} graph
 * @returns {Graph} with `HardSigmoid(x) = relu6(x + 3) / 6` in place of the pattern, and hard-swish as `x * HardSigmoid(x)`
 */
export function foldActivations(graph) {
  const nodes = new Map(graph.nodes);
  for (const node of graph.nodes.values()) {
    if (node.op !== 'Mul') continue;
    const folded = foldHardSigmoid(graph, node) ?? foldHardSwish(graph, node);
    for (const replacement of folded ?? []) nodes.set(replacement.name, replacement);
  }
  return { nodes, weights: graph.weights };
}

/**
 * `(1/6) * relu6(x + 3)`
 * @param {Graph} graph
 * @param {GraphNode} node
 * @returns {GraphNode[] | undefined}
 */
function foldHardSigmoid(graph, node) {
  const gate = node.inputs.map((name) => shiftedBy3(graph, name)).find((input) => input !== undefined);
  if (gate === undefined || !node.inputs.some((name) => isScalar(graph, name, 1 / 6))) return undefined;
  return [{ name: node.name, op: 'HardSigmoid', inputs: [gate], attributes: {} }];
}

/**
 * `((1/6) * x) * relu6(x + 3)`
 * @param {Graph} graph
 * @param {GraphNode} node
 * @returns {GraphNode[] | undefined}
 */
function foldHardSwish(graph, node) {
  for (const [gateName, scaledName] of [node.inputs, [...node.inputs].reverse()]) {
    const gate = shiftedBy3(graph, gateName ?? '');
    const scaled = graph.nodes.get(scaledName ?? '');
    if (gate === undefined || scaled?.op !== 'Mul' || !scaled.inputs.includes(gate)) continue;
    if (!scaled.inputs.some((name) => isScalar(graph, name, 1 / 6))) continue;
    const sigmoid = `${node.name}/hard_sigmoid`;
    return [
      { name: sigmoid, op: 'HardSigmoid', inputs: [gate], attributes: {} },
      { name: node.name, op: 'Mul', inputs: [gate, sigmoid], attributes: {} },
    ];
  }
  return undefined;
}

/**
 * @param {Graph} graph
 * @param {string} name
 * @returns {string | undefined} x, when the named node is `relu6(x + 3)`
 */
function shiftedBy3(graph, name) {
  const relu = graph.nodes.get(name);
  const sum = relu?.op === 'Relu6' ? graph.nodes.get(relu.inputs[0] ?? '') : undefined;
  if (sum?.op !== 'Add' || !sum.inputs.some((input) => isScalar(graph, input, 3))) return undefined;
  return sum.inputs.find((input) => !graph.weights.has(input));
}

/**
 * @param {Graph} graph
 * @param {string} name
 * @param {number} value
 */
function isScalar(graph, name, value) {
  const weight = graph.weights.get(name);
  // Weights are stored as float16: three decimal digits are what is left of 1/6.
  return weight?.data.length === 1 && Math.abs((weight.data[0] ?? 0) - value) < 1e-3 * value;
}
