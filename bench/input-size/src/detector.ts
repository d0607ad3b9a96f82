import {
  atInputSize,
  calibrationOf,
  type Detection,
  decode,
  describeModel,
  type InputSize,
  inputDims,
  inputLength,
  letterboxGeometry,
  personProbability,
  preprocess,
  type TensorView,
} from '@vigilia/vision';
import ort from 'onnxruntime-node';
import { canvas } from './scene.ts';

const leastConfidence = 0.15;

/** The embedded model at any input size. */
export interface Detector {
  /** People in pixels of the canvas, and how probable each is. */
  detect(frame: Uint8Array, size: InputSize): Promise<readonly { detection: Detection; probability: number }[]>;
}

/** Loads a MoveNet with one thread. */
export async function loadDetector(file: string): Promise<Detector> {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const tensors = (all: readonly ort.InferenceSession.ValueMetadata[]) =>
    all.flatMap((one) => (one.isTensor ? [{ name: one.name, shape: [...one.shape], type: one.type }] : []));
  const model = describeModel({ inputs: tensors(session.inputMetadata), outputs: tensors(session.outputMetadata) });
  const { calibration } = calibrationOf('movenet', undefined);
  return {
    async detect(data, { width, height }) {
      const description = atInputSize(model, width, height);
      const input = new Float32Array(inputLength(description));
      preprocess({ data, width, height }, description, input);
      const results = await session.run({ images: new ort.Tensor('float32', input, inputDims(description)) });
      const outputs: Record<string, TensorView> = {};
      for (const [name, { data: values, dims }] of Object.entries(results)) {
        if (values instanceof Float32Array) {
          outputs[name] = { data: values, dims };
        }
      }
      const geometry = letterboxGeometry(canvas.width, canvas.height, width, height);
      const found = decode(outputs, description, { confidence: leastConfidence, geometry });
      return found.map((detection) => ({ detection, probability: personProbability(detection, calibration) }));
    },
  };
}
