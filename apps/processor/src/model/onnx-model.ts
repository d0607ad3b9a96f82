import { readFileSync } from 'node:fs';
import {
  type Detection,
  decode,
  describeModel,
  inputDims,
  inputLength,
  letterboxGeometry,
  letterboxGrey,
  type ModelDescription,
  mergePasses,
  preprocess,
  type RgbFrame,
  type TensorView,
  type Turn,
} from '@vigilia/vision';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { InferAnswer, InferRequest } from './model-host-messages.ts';

/** The one ONNX session of a model host, with the input tensor that every picture is written into. */
export class OnnxModel {
  readonly description: ModelDescription;
  private readonly session: InferenceSession;
  private readonly input: Float32Array;
  private readonly feeds: Record<string, Tensor>;

  constructor(session: InferenceSession, description: ModelDescription) {
    this.session = session;
    this.description = description;
    this.input = new Float32Array(inputLength(description));
    this.feeds = { [description.inputName]: new Tensor('float32', this.input, inputDims(description)) };
  }

  /**
   * Runs the model on a blank picture and looks whether what comes out is finite and readable. Returns the time of a
   * run, ms. Throws with a sentence that says what is wrong.
   */
  async check(): Promise<number> {
    const { width, height } = this.description;
    const blank = { data: new Uint8Array(width * height * 3).fill(letterboxGrey), width, height };
    const outputs = await this.run(blank, 0);
    for (const [name, { data }] of Object.entries(outputs)) {
      const wrong = data.findIndex((value) => !Number.isFinite(value));
      if (wrong >= 0) throw new Error(`The model's output ${name} is ${data[wrong]} on a blank picture.`);
    }
    const answer = await this.infer(blank, {
      ...{ offset: 0, sourceWidth: width, sourceHeight: height, confidence: 0.25, turned: false },
    });
    return answer.inferenceMs;
  }

  /** Detections of one picture, in pixels of the camera's image. */
  async infer(frame: RgbFrame, request: InferRequest): Promise<InferAnswer> {
    const { description } = this;
    const geometry = letterboxGeometry(request.sourceWidth, request.sourceHeight, frame.width, frame.height);
    const turns = passesOf(description, request.turned);
    const found: Detection[][] = [];
    let inferenceMs = 0;
    for (const turn of turns) {
      const begin = performance.now();
      const outputs = await this.run(frame, turn);
      inferenceMs += performance.now() - begin;
      found.push(decode(outputs, description, { confidence: request.confidence, geometry, turn }));
    }
    return {
      detections: found.length === 1 ? (found[0] ?? []) : mergePasses(found),
      inferenceMs,
      passes: turns.length,
    };
  }

  private async run(frame: RgbFrame, turn: Turn): Promise<Record<string, TensorView>> {
    preprocess(frame, this.description, this.input, turn);
    const outputs = await this.session.run(this.feeds);
    return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, viewOf(name, tensor)]));
  }
}

function viewOf(name: string, tensor: Tensor): TensorView {
  const { data, dims } = tensor;
  if (!(data instanceof Float32Array)) {
    throw new Error(`The model's output ${name} is ${tensor.type}; export it with float32 outputs.`);
  }
  return { data, dims };
}

function passesOf(description: ModelDescription, turned: boolean): readonly Turn[] {
  return turned ? [...new Set<Turn>([...description.passes, 90, -90])] : description.passes;
}

/**
 * Loads a model file with the JSON beside it, if there is one. Idle threads do not spin: a spinning thread takes the
 * CPU from ffmpeg. Throws with a sentence that says why the model cannot be used.
 */
export async function loadOnnxModel(options: {
  readonly modelPath: string;
  readonly jsonPath: string;
  readonly threads: number;
}): Promise<OnnxModel> {
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
