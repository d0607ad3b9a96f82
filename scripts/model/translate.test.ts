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
  input: { name: 'images', node: 'x', shape: [1, 2, 4, 4] },
  outputs: [{ name: 'result', node: output, shape: [1, 3, 2, 2] }],
});
const input = node('x', 'Placeholder');

test('a fused convolution becomes Conv and Relu, with its weights in ONNX order and the names of the ports', () => {
  const weight = constant([1, 1, 2, 3], 1, 2, 3, 4, 5, 6);
  const conv = node('conv', '_FusedConv2D', ['x', 'w', 'b'], { ...window, fused_ops: ['BiasAdd', 'Relu'] });
  const onnx = translate(graph([input, conv], { w: weight, b: constant([3], 7, 8, 9) }), ports('conv'));
  expect(onnx.nodes.map(({ op }) => op)).toEqual(['Conv', 'Relu']);
  expect(onnx.nodes[0]?.attributes).toEqual({ auto_pad: 'SAME_UPPER', strides: [2, 2], kernel_shape: [1, 1] });
  expect(onnx.nodes[0]?.inputs).toEqual(['images', 'w', 'b']);
  expect(onnx.nodes[1]?.outputs).toEqual(['result']);
  expect(onnx.tensors.get('w')).toEqual({ shape: [3, 2, 1, 1], data: Float32Array.of(1, 4, 2, 5, 3, 6) });
  expect(onnx.tensors.get('b')?.shape).toEqual([3]);
});

test('a fused activation that ends at six becomes Clip', () => {
  const weight = constant([1, 1, 2, 3], 1, 2, 3, 4, 5, 6);
  const conv = node('conv', '_FusedConv2D', ['x', 'w', 'b'], { ...window, fused_ops: ['BiasAdd', 'Relu6'] });
  const onnx = translate(graph([input, conv], { w: weight, b: constant([3], 7, 8, 9) }), ports('conv'));
  expect(onnx.nodes[1]).toMatchObject({ op: 'Clip', inputs: ['result/conv', 'clip/min', 'clip/max'] });
  expect(onnx.tensors.get('clip/max')?.data).toEqual(Float32Array.of(6));
});

test('a resize doubles both sides, whatever the graph computes for it', () => {
  const size = node('size', 'Shape', ['x']);
  const resize = node('up', 'ResizeBilinear', ['x', 'size'], { half_pixel_centers: true });
  const onnx = translate(graph([input, size, resize]), ports('up'));
  expect(onnx.nodes.map(({ op }) => op)).toEqual(['Resize']);
  expect(onnx.tensors.get('resize/scales')?.data).toEqual(Float32Array.of(1, 1, 2, 2));
});

test('a depthwise convolution is a Conv with one group a channel', () => {
  const weight = constant([1, 2, 2, 1], 1, 2, 3, 4);
  const conv = node('conv', 'DepthwiseConv2dNative', ['x', 'w'], { ...window, padding: 'VALID' });
  const onnx = translate(graph([input, conv], { w: weight }), ports('conv'));
  expect(onnx.nodes[0]?.attributes).toMatchObject({ group: 2, auto_pad: 'VALID', kernel_shape: [1, 2] });
  expect(onnx.tensors.get('w')).toEqual({ shape: [2, 1, 1, 2], data: Float32Array.of(1, 3, 2, 4) });
});

test('a constant for each channel is shaped to meet axis 1', () => {
  const sum = node('sum', 'AddV2', ['x', 'c']);
  const onnx = translate(graph([input, sum], { c: constant([2], 1, 2) }), ports('sum'));
  expect(onnx.tensors.get('c')?.shape).toEqual([1, 2, 1, 1]);
});

test('what lies behind the outputs is cut off', () => {
  const nodes = [input, node('heat', 'Sigmoid', ['x']), node('top', 'TopKV2', ['heat'])];
  const onnx = translate(graph(nodes), ports('heat'));
  expect(onnx.nodes.map(({ op }) => op)).toEqual(['Sigmoid']);
});

test.each([
  ['an operation', node('n', 'TopKV2', ['x']), /n: the operation TopKV2/],
  ['a fused activation', node('n', '_FusedConv2D', ['x', 'w'], { ...window, fused_ops: ['Elu'] }), /fused_ops Elu/],
  ['a dilated convolution', node('n', 'Conv2D', ['x', 'w'], { ...window, dilations: [1, 2, 2, 1] }), /dilations/],
  ['a resize without half pixels', node('n', 'ResizeBilinear', ['x', 'w'], { half_pixel_centers: false }), /corner/],
])('%s without a translation is refused by its name', (_, unknown, message) => {
  const weights = { w: constant([1, 1, 2, 3], 1, 2, 3, 4, 5, 6) };
  expect(() => translate(graph([input, unknown], weights), ports('n'))).toThrow(message);
});
