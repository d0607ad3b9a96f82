/** The child process of a model host: one ONNX session; its memory goes with the process. */
import { readSync } from 'node:fs';
import {
  atInputSize,
  createInput,
  type Detection,
  decode,
  inputLength,
  inputStep,
  letterboxGeometry,
  type ModelDescription,
  type ModelInput,
  mergePasses,
  preprocess,
} from '@vigilia/vision';
import { loadOnnxModel } from './load-onnx-model.ts';
import { messageOf } from './message-of.ts';
import {
  type FromModelHost,
  frameMemoryFd,
  type InferAnswer,
  type InferRequest,
  type ToModelHost,
} from './model-host-messages.ts';
import type { OnnxModel } from './onnx-model.ts';

let model: OnnxModel | undefined;

function answer(message: FromModelHost): void {
  // the processor may have ended: then 'disconnect' ends this process
  if (process.connected) {
    process.send?.(message, () => {});
  }
}

async function load(request: Extract<ToModelHost, { type: 'load' }>): Promise<void> {
  try {
    const { description, inferenceMs, personConfidence, ...loaded } = await loadOnnxModel(request);
    model = loaded.model;
    answer({ type: 'ready', loaded: { description, inferenceMs, personConfidence } });
  } catch (error) {
    answer({ type: 'refused', message: messageOf(error) });
  }
}

async function infer(id: number, request: InferRequest): Promise<void> {
  try {
    if (model === undefined) throw new Error('The model is not loaded.');
    answer({ type: 'result', id, result: await detect(model, request) });
  } catch (error) {
    answer({ type: 'failed', id, message: messageOf(error) });
  }
}

/** Runs the model once for each way in which it is shown the frame. A run blocks this process: the next request waits. */
async function detect(model: OnnxModel, request: InferRequest): Promise<InferAnswer> {
  const { width, height, mirrored, confidence } = request;
  const description = descriptionFor(model.description, request);
  const geometry = letterboxGeometry(request.sourceWidth, request.sourceHeight, width, height);
  const data = readFrame(request);
  const input = inputFor(description);
  const passes: (readonly Detection[])[] = [];
  let inferenceMs = 0;
  for (const turn of description.passes) {
    preprocess({ data, width, height }, description, input, { turn, mirrored });
    const result = await model.run(input, { width, height });
    passes.push(decode(result.outputs, description, { turn, mirrored, confidence, geometry }));
    inferenceMs += result.inferenceMs;
  }
  const [only = []] = passes;
  return { detections: passes.length === 1 ? only : mergePasses(passes), inferenceMs, passes: passes.length };
}

/** Throws where the frame is not of the size that the model takes. */
function descriptionFor(own: ModelDescription, { width, height }: InferRequest): ModelDescription {
  if (width === own.width && height === own.height) return own;
  if (!own.resizable || width % inputStep !== 0 || height % inputStep !== 0) {
    throw new Error(`The frame is ${width}×${height}, the model takes ${own.width}×${own.height}.`);
  }
  return atInputSize(own, width, height);
}

let frame = new Uint8Array(0);
let lastInput: ModelInput | undefined;

/** One frame is analysed at a time, so that its memory is used again. */
function readFrame({ width, height, offset }: InferRequest): Uint8Array {
  const length = width * height * 3;
  if (frame.length !== length) {
    frame = new Uint8Array(length);
  }
  readSync(frameMemoryFd, frame, 0, length, offset);
  return frame;
}

/** Rooms whose cameras have different aspects take turns: an input is made anew where the last one was of another size. */
function inputFor(description: ModelDescription): ModelInput {
  if (lastInput?.length !== inputLength(description)) {
    lastInput = createInput(description);
  }
  return lastInput;
}

let queue = Promise.resolve();
process.on('message', (message: ToModelHost) => {
  // one after another: there is one input
  queue = queue.then(() => (message.type === 'load' ? load(message) : infer(message.id, message)));
});
// not `process.exit`: that would wait for a run that may hang
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal and a supervisor's SIGTERM reach the whole group; when this process ends is the processor's decision
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
