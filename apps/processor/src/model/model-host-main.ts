/** The child process of a model host: one ONNX session; its memory goes with the process. */
import { readSync } from 'node:fs';
import { type FromModelHost, frameMemoryFd, type InferRequest, type ToModelHost } from './model-host-messages.ts';
import { loadOnnxModel, type OnnxModel } from './onnx-model.ts';

let model: OnnxModel | undefined;
let picture = new Uint8Array(0);

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function answer(message: FromModelHost): void {
  // the processor may be gone: then 'disconnect' ends this process
  if (process.connected) process.send?.(message, () => {});
}

async function load(request: Extract<ToModelHost, { type: 'load' }>): Promise<void> {
  try {
    const loaded = await loadOnnxModel(request);
    const inferenceMs = await loaded.check();
    picture = new Uint8Array(loaded.description.width * loaded.description.height * 3);
    model = loaded;
    answer({ type: 'ready', description: loaded.description, inferenceMs });
  } catch (error) {
    answer({ type: 'refused', message: messageOf(error) });
  }
}

async function infer(id: number, request: InferRequest): Promise<void> {
  try {
    if (model === undefined) throw new Error('The model is not loaded.');
    readSync(frameMemoryFd, picture, 0, picture.length, request.offset);
    const { width, height } = model.description;
    answer({ type: 'result', id, result: await model.infer({ data: picture, width, height }, request) });
  } catch (error) {
    answer({ type: 'failed', id, message: messageOf(error) });
  }
}

let queue = Promise.resolve();
process.on('message', (message: ToModelHost) => {
  // one at a time: there is one picture buffer and one input tensor
  queue = queue.then(() => (message.type === 'load' ? load(message) : infer(message.id, message)));
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches the whole group; when this process ends is the processor's decision
process.on('SIGINT', () => {});
