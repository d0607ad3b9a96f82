/** Writes a translated graph as an ONNX file (protobuf): https://github.com/onnx/onnx/blob/main/docs/IR.md */
import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const IR_VERSION = 7;
const OPSET = 13;

/** @typedef {import('./translate.mjs').OnnxGraph} OnnxGraph */
/** @typedef {import('./translate.mjs').OnnxAttribute} OnnxAttribute */
/** @typedef {import('./translate.mjs').Port} Port */
/** @typedef {import('./translate.mjs').Tensor} Tensor */

/**
 * @param {OnnxGraph} graph
 * @param {{ name: string, note: string }} about
 * @returns {Uint8Array} the same bytes for the same graph
 */
export function encodeOnnx(graph, { name, note }) {
  const model = onnx.ModelProto.create({
    irVersion: IR_VERSION,
    opsetImport: [{ domain: '', version: OPSET }],
    producerName: 'vigilia',
    docString: note,
    graph: {
      name,
      node: graph.nodes.map(({ op, inputs, outputs, attributes }) => ({
        name: outputs[0] ?? '',
        opType: op,
        input: inputs,
        output: outputs,
        attribute: Object.entries(attributes).map(([key, value]) => encodeAttribute(key, value)),
      })),
      initializer: [...graph.tensors].map(([key, tensor]) => encodeTensor(key, tensor)),
      input: graph.inputs.map(encodePort),
      output: graph.outputs.map(encodePort),
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

/**
 * @param {string} name
 * @param {OnnxAttribute} value whole numbers are written as INT: `alpha` and the like must have a fraction
 */
function encodeAttribute(name, value) {
  const { AttributeType } = onnx.AttributeProto;
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if (Number.isInteger(value)) return { name, type: AttributeType.INT, i: value };
  return { name, type: AttributeType.FLOAT, f: value };
}

/**
 * @param {string} name
 * @param {Tensor} tensor
 */
function encodeTensor(name, { shape, data }) {
  const { DataType } = onnx.TensorProto;
  const dataType = data instanceof Float32Array ? DataType.FLOAT : DataType.INT64;
  return { name, dims: shape, dataType, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** @param {Port} port */
function encodePort({ name, shape }) {
  const elemType = onnx.TensorProto.DataType.FLOAT;
  return { name, type: { tensorType: { elemType, shape: { dim: shape.map(encodeSide) } } } };
}

/** @param {import('./translate.mjs').Side} side */
function encodeSide(side) {
  return typeof side === 'number' ? { dimValue: side } : { dimParam: side };
}
