import { existsSync, readFileSync } from 'node:fs';
import {
  atInputSize,
  type Detection,
  decode,
  describeModel,
  type InputSize,
  inputDims,
  inputLength,
  type LetterboxGeometry,
  type ModelCalibration,
  type ModelDescription,
  preprocess,
  type Showing,
  type TensorView,
} from '@vigilia/vision';
import ort from 'onnxruntime-node';
import { fileHash } from './file-hash.ts';

/** Weaker boxes are never used, so they are not kept. */
const leastConfidence = 0.1;

/** A model that is asked one frame at a time. */
export interface Model {
  readonly id: string;
  /** Distinguishes caches of different weights. */
  readonly hash: string;
  /** Of the JSON beside the model. */
  readonly calibration: ModelCalibration | undefined;
  /** The input may follow the camera: its aspect, and how large people are in it. */
  readonly resizable: boolean;
  /** Returns the description at an input size; without one, the model's own. */
  descriptionAt(size?: InputSize): ModelDescription;
  /** Persons in pixels of the camera's frame. */
  detect(
    frame: Uint8Array,
    description: ModelDescription,
    geometry: LetterboxGeometry,
    showing: Showing,
  ): Promise<Detection[]>;
}

/** Returns where a model of this id lies, of the folders given; undefined where nowhere. */
export function findModel(id: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => `${folder}/${id}.onnx`).find((file) => existsSync(file));
}

/** Loads a model with one thread. Throws `ModelDescriptionError` for a layout that cannot be read. */
export async function loadModel(id: string, file: string): Promise<Model> {
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const beside = file.replace(/\.onnx$/, '.json');
  const json: unknown = existsSync(beside) ? JSON.parse(readFileSync(beside, 'utf8')) : undefined;
  const tensors = (all: readonly ort.InferenceSession.ValueMetadata[]) =>
    all.flatMap((one) => (one.isTensor ? [{ name: one.name, shape: [...one.shape], type: one.type }] : []));
  const description = describeModel(
    { inputs: tensors(session.inputMetadata), outputs: tensors(session.outputMetadata) },
    json,
  );
  return {
    id,
    hash: fileHash(file).slice(0, 12),
    calibration: description.calibration,
    resizable: description.resizable,
    descriptionAt: (size) => (size ? atInputSize(description, size.width, size.height) : description),
    async detect(data, like, geometry, showing) {
      const input = new Float32Array(inputLength(like));
      preprocess({ data, width: like.width, height: like.height }, like, input, showing);
      const tensor = new ort.Tensor('float32', input, inputDims(like));
      const results = await session.run({ [like.inputName]: tensor });
      const outputs: Record<string, TensorView> = {};
      for (const [name, { data: values, dims }] of Object.entries(results)) {
        if (!(values instanceof Float32Array)) throw new Error(`The output ${name} of ${id} is not float32.`);
        outputs[name] = { data: values, dims };
      }
      const { turn, mirrored } = showing;
      return decode(outputs, like, { confidence: leastConfidence, geometry, turn, mirrored, classNames: ['person'] });
    },
  };
}
