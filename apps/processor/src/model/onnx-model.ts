import { readFileSync } from 'node:fs';
import {
  atInputSize,
  decode,
  describeModel,
  type InputSize,
  inputDims,
  inputLength,
  letterboxGeometry,
  letterboxGrey,
  type ModelDescription,
  preprocess,
  type TensorView,
} from '@vigilia/vision';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunResult, SessionFiles } from './session-messages.ts';

/** The one ONNX session of a model host. */
export class OnnxModel {
  readonly description: ModelDescription;
  private readonly session: InferenceSession;

  constructor(session: InferenceSession, description: ModelDescription) {
    this.session = session;
    this.description = description;
  }

  /**
   * Runs the model on a blank picture and looks whether what comes out is finite and readable. Returns the time of a
   * run, ms. Throws with a sentence that says what is wrong.
   */
  async check(): Promise<number> {
    const { width, height } = this.description;
    const blank = { data: new Uint8Array(width * height * 3).fill(letterboxGrey), width, height };
    const input = new Float32Array(inputLength(this.description));
    preprocess(blank, this.description, input);
    for (const [name, { data }] of Object.entries((await this.run(input)).outputs)) {
      const wrong = data.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0) throw new Error(`The model's output ${name} is ${data[wrong]} on a blank picture.`);
    }
    const { outputs, inferenceMs } = await this.run(input);
    const geometry = letterboxGeometry(width, height, width, height);
    decode(outputs, this.description, { geometry, confidence: 0.25 });
    return inferenceMs;
  }

  /** One pass over an input as `preprocess` makes it; `size` of the picture in it where that is not the model's own. */
  async run(input: Float32Array, size: InputSize = this.description): Promise<RunResult> {
    const dims = inputDims(atInputSize(this.description, size.width, size.height));
    const tensor = new Tensor('float32', input, dims);
    const began = performance.now();
    const outputs = await this.session.run({ [this.description.inputName]: tensor });
    const inferenceMs = performance.now() - began;
    const views = Object.entries(outputs).map(([name, output]): [string, TensorView] => [name, viewOf(name, output)]);
    return { outputs: Object.fromEntries(views), inferenceMs };
  }
}

function viewOf(name: string, tensor: Tensor): TensorView {
  const { data, dims } = tensor;
  if (!(data instanceof Float32Array)) {
    throw new Error(`The model's output ${name} is ${tensor.type}; export it with float32 outputs.`);
  }
  return { data, dims };
}

/**
 * Loads a model file with the JSON beside it, if there is one. Idle threads do not spin: a spinning thread takes the
 * CPU from ffmpeg. Throws with a sentence that says why the model cannot be used.
 */
export async function loadOnnxModel(options: SessionFiles): Promise<OnnxModel> {
  const session = await InferenceSession.create(options.modelPath, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const tensors = (list: readonly InferenceSession.ValueMetadata[]) =>
    list.flatMap((item) => (item.isTensor ? [{ name: item.name, shape: item.shape, type: item.type }] : []));
  const metadata = { inputs: tensors(session.inputMetadata), outputs: tensors(session.outputMetadata) };
  return new OnnxModel(session, describeModel(metadata, readJson(options.jsonPath)));
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined; // optional
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`The JSON beside the model is no JSON: ${cause instanceof Error ? cause.message : cause}.`, {
      cause,
    });
  }
}
