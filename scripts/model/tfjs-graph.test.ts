import { decodeFloat16 } from './float16.mjs';
import { readNodes, readWeights, type Weight } from './tfjs-graph.mjs';

const base64 = (text: string) => Buffer.from(text).toString('base64');

test('half-precision numbers keep their value, the small, the negative and the infinite too', () => {
  const halves = Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7c00, 0x0000);
  const numbers = decodeFloat16(halves);
  expect([...numbers]).toEqual([1, -2, expect.closeTo(1 / 3, 3), 2 ** -24, Number.POSITIVE_INFINITY, 0]);
});

test('a node keeps the attributes a translation needs, in plain JavaScript', () => {
  const nodes = readNodes([
    {
      name: 'conv',
      op: '_FusedConv2D',
      input: ['x', 'w', 'b'],
      attr: {
        strides: { list: { i: ['1', '2', '2', '1'] } },
        padding: { s: base64('SAME') },
        fused_ops: { list: { s: [base64('BiasAdd'), base64('Relu')] } },
        keep_dims: { b: true },
        explicit_paddings: { list: {} },
      },
    },
  ]);
  expect(nodes.get('conv')).toEqual({
    name: 'conv',
    op: '_FusedConv2D',
    inputs: ['x', 'w', 'b'],
    attributes: { strides: [1, 2, 2, 1], padding: 'SAME', fused_ops: ['BiasAdd', 'Relu'], keep_dims: true },
  });
});

describe('weights', () => {
  const entries = [
    { name: 'half', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
    { name: 'axis', shape: [], dtype: 'int32' },
  ];

  test('are cut out of one file in the order of the manifest', () => {
    const weights = new Map<string, Weight>();
    readWeights(entries, Buffer.from([0x00, 0x3c, 0x00, 0xc0, 3, 0, 0, 0]), weights);
    expect([...(weights.get('half')?.data ?? [])]).toEqual([1, -2]);
    expect(weights.get('axis')).toEqual({ shape: [], data: Int32Array.of(3) });
  });

  test('of a file with another length are refused', () => {
    expect(() => readWeights(entries, Buffer.alloc(12), new Map())).toThrow(/12 bytes.*describes 8/);
  });
});
