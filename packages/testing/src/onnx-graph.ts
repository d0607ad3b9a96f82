import onnxProto from 'onnx-proto';

const { onnx } = onnxProto;
const OPSET = 13;

/** Element types of the tensors that generated models use. */
export type ElementType = 'float32' | 'float16' | 'uint8' | 'int64';

const elementTypes: Record<ElementType, onnxProto.onnx.TensorProto.DataType> = {
  float32: onnx.TensorProto.DataType.FLOAT,
  float16: onnx.TensorProto.DataType.FLOAT16,
  uint8: onnx.TensorProto.DataType.UINT8,
  int64: onnx.TensorProto.DataType.INT64,
};

/** An input or output of the whole graph; a string is a free dimension. */
export interface GraphTensor {
  readonly name: string;
  readonly dims: readonly (number | string)[];
  readonly type?: ElementType | undefined;
}

/** A small ONNX graph in the making: every method adds a node or a constant and returns its output's name. */
export class OnnxGraph {
  readonly #nodes: onnxProto.onnx.INodeProto[] = [];
  readonly #constants: onnxProto.onnx.ITensorProto[] = [];
  #count = 0;

  /** A float32 tensor; no `dims` makes a scalar. */
  constant(data: Float32Array | readonly number[], dims: readonly number[] = []): string {
    const floats = Float32Array.from(data);
    const rawData = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    return this.#constant('float32', rawData, dims);
  }

  /** An int64 tensor of one dimension, as shapes, axes and paddings are. */
  integers(data: readonly number[]): string {
    const numbers = BigInt64Array.from(data, BigInt);
    return this.#constant('int64', new Uint8Array(numbers.buffer), [data.length]);
  }

  /** An operator with one output, which `output` names; whole numbers as attributes. */
  node(
    opType: string,
    inputs: readonly string[],
    output = this.#name(opType),
    attributes: Readonly<Record<string, number | readonly number[]>> = {},
  ): string {
    const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
    this.#nodes.push({ opType, input: [...inputs], output: [output], name: `node_${output}`, attribute });
    return output;
  }

  /** The mean of all elements, as a scalar. */
  mean(input: string): string {
    return this.node('ReduceMean', [input], this.#name('mean'), { keepdims: 0 });
  }

  /** The same numbers as another type. */
  cast(input: string, type: ElementType, output?: string): string {
    return this.node('Cast', [input], output, { to: elementTypes[type] });
  }

  /** The file's bytes. `properties` become its metadata (`metadata_props`). */
  encode(
    inputs: GraphTensor | readonly GraphTensor[],
    outputs: GraphTensor | readonly GraphTensor[],
    properties: Readonly<Record<string, string>> = {},
  ): Uint8Array {
    const graph = {
      name: 'generated',
      node: this.#nodes,
      initializer: this.#constants,
      input: [inputs].flat().map(valueInfo),
      output: [outputs].flat().map(valueInfo),
    };
    const model = {
      irVersion: 7,
      producerName: 'vigilia-testing',
      opsetImport: [{ domain: '', version: OPSET }],
      graph,
      metadataProps: Object.entries(properties).map(([key, value]) => ({ key, value })),
    };
    return onnx.ModelProto.encode(onnx.ModelProto.create(model)).finish();
  }

  #constant(type: ElementType, rawData: Uint8Array, dims: readonly number[]): string {
    const name = this.#name('const');
    this.#constants.push({ name, dataType: elementTypes[type], dims: [...dims], rawData });
    return name;
  }

  #name(kind: string): string {
    this.#count += 1;
    return `${kind.toLowerCase()}_${this.#count}`;
  }
}

function attributeOf(name: string, value: number | readonly number[]): onnxProto.onnx.IAttributeProto {
  const { INT, INTS } = onnx.AttributeProto.AttributeType;
  return typeof value === 'number' ? { name, type: INT, i: value } : { name, type: INTS, ints: [...value] };
}

function valueInfo({ name, dims, type = 'float32' }: GraphTensor): onnxProto.onnx.IValueInfoProto {
  const dim = dims.map((side) => (typeof side === 'number' ? { dimValue: side } : { dimParam: side }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
