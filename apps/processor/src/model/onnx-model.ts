import {
  atInputSize,
  halfToFloats,
  type InputSize,
  inputDims,
  type ModelDescription,
  type ModelInput,
  type ModelInputDescription,
  type TensorView,
} from '@vigilia/vision';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunResult } from './session.ts';

/** An ONNX session with the way in which it is fed. */
export class OnnxModel {
  readonly description: ModelDescription;
  readonly #session: InferenceSession;

  constructor(session: InferenceSession, description: ModelDescription) {
    this.#session = session;
    this.description = description;
  }

  /** One pass over an input as `preprocess` makes it; `size` of the frame in it where that is not the model's own. */
  run(input: ModelInput, size: InputSize = this.description): Promise<RunResult> {
    return runSession(this.#session, atInputSize(this.description, size.width, size.height), input);
  }
}

/** Runs a session once. Its outputs come as float32, whatever their type. */
export async function runSession(
  session: InferenceSession,
  description: ModelInputDescription,
  input: ModelInput,
): Promise<RunResult> {
  const feeds = feedsOf(description, input);
  const began = performance.now();
  const outputs = await session.run(feeds);
  const inferenceMs = performance.now() - began;
  const views = Object.entries(outputs).map(([name, output]): [string, TensorView] => [name, viewOf(name, output)]);
  return { outputs: Object.fromEntries(views), inferenceMs };
}

function feedsOf(description: ModelInputDescription, input: ModelInput): Record<string, Tensor> {
  const { inputName, inputType, sizeInputName, width, height } = description;
  const frame = new Tensor(inputType, input, inputDims(description));
  if (sizeInputName === undefined) return { [inputName]: frame };
  const size = new Tensor('int64', BigInt64Array.of(BigInt(width), BigInt(height)), [1, 2]);
  return { [inputName]: frame, [sizeInputName]: size };
}

function viewOf(name: string, tensor: Tensor): TensorView {
  return { data: floatsOf(name, tensor), dims: tensor.dims };
}

function floatsOf(name: string, { data, type }: Tensor): Float32Array {
  if (data instanceof Float32Array) return data;
  if (type === 'float16' && ArrayBuffer.isView(data)) {
    return halfToFloats(new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2));
  }
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  if (data instanceof Int32Array || data instanceof Float64Array || data instanceof Uint8Array) {
    return Float32Array.from(data);
  }
  throw new Error(`The model's output ${name} is ${type}; export it with float32 outputs.`);
}
