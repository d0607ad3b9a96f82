import { foldActivations } from './fold-activations.mjs';
import type { Graph, GraphNode, Weight } from './tfjs-graph.mjs';
import { translate } from './translate.mjs';

type Attributes = GraphNode['attributes'];

const node = (name: string, op: string, inputs: string[] = [], attributes: Attributes = {}): GraphNode => ({
  name,
  op,
  inputs,
  attributes,
});
const constant = (shape: number[], ...values: number[]): Weight => ({ shape, data: Float32Array.from(values) });

/** Constants are nodes too in TensorFlow's graph. */
function graph(nodes: GraphNode[], weights: Record<string, Weight> = {}): Graph {
  const all = [...Object.keys(weights).map((name) => node(name, 'Const')), ...nodes];
  return { nodes: new Map(all.map((each) => [each.name, each])), weights: new Map(Object.entries(weights)) };
}

const window: Attributes = { strides: [1, 2, 2, 1], dilations: [1, 1, 1, 1], padding: 'SAME' };
const ports = (output: string) => ({
  input: { name: 'x', shape: [1, 4, 4, 2] },
  outputs: [{ name: output, shape: [1, 2, 2, 3] }],
});
const input = node('x', 'Placeholder');

test('a fused convolution becomes Conv and Relu, its weights in ONNX order, the picture turned once at each end', () => {
  const weight = constant([1, 1, 2, 3], 1, 2, 3, 4, 5, 6);
  const conv = node('conv', '_FusedConv2D', ['x', 'w', 'b'], { ...window, fused_ops: ['BiasAdd', 'Relu'] });
  const onnx = translate(graph([input, conv], { w: weight, b: constant([3], 7, 8, 9) }), ports('conv'));
  expect(onnx.nodes.map(({ op }) => op)).toEqual(['Transpose', 'Conv', 'Relu', 'Transpose']);
  expect(onnx.nodes[0]).toMatchObject({ inputs: ['x'], attributes: { perm: [0, 3, 1, 2] } });
  expect(onnx.nodes[1]?.attributes).toEqual({ auto_pad: 'SAME_UPPER', strides: [2, 2], kernel_shape: [1, 1] });
  expect(onnx.nodes[3]).toMatchObject({ outputs: ['conv'], attributes: { perm: [0, 2, 3, 1] } });
  expect(onnx.tensors.get('w')).toEqual({ shape: [3, 2, 1, 1], data: Float32Array.of(1, 4, 2, 5, 3, 6) });
  expect(onnx.tensors.get('b')?.shape).toEqual([3]);
});

test('a depthwise convolution is a Conv with one group a channel', () => {
  const weight = constant([1, 2, 2, 1], 1, 2, 3, 4);
  const conv = node('conv', 'DepthwiseConv2dNative', ['x', 'w'], { ...window, padding: 'VALID' });
  const onnx = translate(graph([input, conv], { w: weight }), ports('conv'));
  expect(onnx.nodes[1]?.attributes).toMatchObject({ group: 2, auto_pad: 'VALID', kernel_shape: [1, 2] });
  expect(onnx.tensors.get('w')).toEqual({ shape: [2, 1, 1, 2], data: Float32Array.of(1, 3, 2, 4) });
});

test('a constant for each channel is shaped to meet axis 1', () => {
  const sum = node('sum', 'Add', ['x', 'c']);
  const onnx = translate(graph([input, sum], { c: constant([2], 1, 2) }), ports('sum'));
  expect(onnx.tensors.get('c')?.shape).toEqual([1, 2, 1, 1]);
});

test('what lies behind the outputs is cut off', () => {
  const nodes = [input, node('heat', 'Sigmoid', ['x']), node('top', 'TopKV2', ['heat'])];
  const onnx = translate(graph(nodes), ports('heat'));
  expect(onnx.nodes.map(({ op }) => op)).toEqual(['Transpose', 'Sigmoid', 'Transpose']);
});

test.each([
  ['an operation', node('n', 'TopKV2', ['x']), /n: the operation TopKV2/],
  ['a fused activation', node('n', '_FusedConv2D', ['x', 'w'], { ...window, fused_ops: ['Elu'] }), /fused_ops Elu/],
  ['a dilated convolution', node('n', 'Conv2D', ['x', 'w'], { ...window, dilations: [1, 2, 2, 1] }), /dilations/],
  ['a mean over another axis', node('n', 'Mean', ['x', 'axis'], { keep_dims: true }), /Mean over axes 3/],
  ['a resize with half pixels', node('n', 'ResizeBilinear', ['x', 'axis'], { half_pixel_centers: true }), /corner/],
])('%s without a translation is refused by its name', (_, unknown, message) => {
  const weights = { w: constant([1, 1, 2, 3], 1, 2, 3, 4, 5, 6), axis: constant([1], 3) };
  expect(() => translate(graph([input, unknown], weights), ports('n'))).toThrow(message);
});

describe('hard-swish, x · relu6(x + 3) / 6', () => {
  const nodes = [
    input,
    node('add', 'Add', ['x', 'three']),
    node('relu6', 'Relu6', ['add']),
    node('scaled', 'Mul', ['sixth', 'x']),
    node('swish', 'Mul', ['scaled', 'relu6']),
    node('gate', 'Mul', ['sixth', 'relu6']),
  ];
  const weights = { three: constant([], 3), sixth: constant([], 0.1666) };

  test('becomes a hard-sigmoid and one product', () => {
    const onnx = translate(foldActivations(graph(nodes, weights)), ports('swish'));
    expect(onnx.nodes.map(({ op }) => op)).toEqual(['Transpose', 'HardSigmoid', 'Mul', 'Transpose']);
  });

  test('without the factor x is a hard-sigmoid', () => {
    const onnx = translate(foldActivations(graph(nodes, weights)), ports('gate'));
    expect(onnx.nodes.map(({ op }) => op)).toEqual(['Transpose', 'HardSigmoid', 'Transpose']);
  });

  test('with other constants stays as it is', () => {
    const others = { ...weights, three: constant([], 2) };
    const onnx = translate(foldActivations(graph(nodes, others)), ports('gate'));
    expect(onnx.nodes.map(({ op }) => op)).toEqual(['Transpose', 'Add', 'Clip', 'Mul', 'Transpose']);
  });
});
