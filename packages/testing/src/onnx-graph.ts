import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const FLOAT = onnx.TensorProto.DataType.FLOAT;
const OPSET = 13;

/** A small ONNX graph in the making: every method adds a node or a constant and answers its output's name. */
export class OnnxGraph {
  readonly #nodes: onnxProto.onnx.INodeProto[] = [];
  readonly #constants: onnxProto.onnx.ITensorProto[] = [];
  #count = 0;

  /** A float32 tensor; no `dims` makes a scalar. */
  constant(data: Float32Array | readonly number[], dims: readonly number[] = []): string {
    const floats = Float32Array.from(data);
    const name = this.#name('const');
    const rawData = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    this.#constants.push({ name, dataType: FLOAT, dims: [...dims], rawData });
    return name;
  }

  /** An operator without attributes and with one output; `output` names it. */
  node(opType: string, inputs: readonly string[], output = this.#name(opType)): string {
    this.#nodes.push({ opType, input: [...inputs], output: [output], name: `node_${output}` });
    return output;
  }

  /** The mean of all elements, as a scalar. */
  mean(input: string): string {
    const output = this.#name('mean');
    const keepdims = { name: 'keepdims', type: onnx.AttributeProto.AttributeType.INT, i: 0 };
    this.#nodes.push({
      opType: 'ReduceMean',
      input: [input],
      output: [output],
      name: `node_${output}`,
      attribute: [keepdims],
    });
    return output;
  }

  /** The file's bytes. */
  encode(
    input: { name: string; dims: readonly number[] },
    output: { name: string; dims: readonly number[] },
  ): Uint8Array {
    const graph = {
      name: 'generated',
      node: this.#nodes,
      initializer: this.#constants,
      input: [valueInfo(input)],
      output: [valueInfo(output)],
    };
    const model = {
      irVersion: 7,
      producerName: 'vigilia-testing',
      opsetImport: [{ domain: '', version: OPSET }],
      graph,
    };
    return onnx.ModelProto.encode(onnx.ModelProto.create(model)).finish();
  }

  #name(kind: string): string {
    this.#count += 1;
    return `${kind.toLowerCase()}_${this.#count}`;
  }
}

function valueInfo({ name, dims }: { name: string; dims: readonly number[] }): onnxProto.onnx.IValueInfoProto {
  return { name, type: { tensorType: { elemType: FLOAT, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } } };
}
