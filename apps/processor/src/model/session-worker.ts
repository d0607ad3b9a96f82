/** The thread of a model host in which the session computes. It does nothing else: what it gives is read by its host meanwhile. */
import { parentPort, workerData } from 'node:worker_threads';
import { loadOnnxModel } from './load-onnx-model.ts';
import { messageOf } from './message-of.ts';
import type { OnnxModel } from './onnx-model.ts';
import type { FromSession, SessionFiles, ToSession } from './session-messages.ts';

function tell(message: FromSession): void {
  parentPort?.postMessage(message, handedOver(message));
}

/** What goes to the host without being copied. */
function handedOver(message: FromSession): ArrayBuffer[] {
  const outputs = message.type === 'ran' ? Object.values(message.result.outputs).map(({ data }) => data) : [];
  const arrays = 'input' in message ? [message.input, ...outputs] : outputs;
  return arrays.map(({ buffer }) => buffer as ArrayBuffer);
}

async function load(): Promise<OnnxModel | undefined> {
  try {
    const { model, description, inferenceMs, personConfidence } = await loadOnnxModel(workerData as SessionFiles);
    tell({ type: 'ready', loaded: { description, inferenceMs, personConfidence } });
    return model;
  } catch (error) {
    tell({ type: 'refused', message: messageOf(error) });
    return undefined;
  }
}

async function run({ input, width, height }: ToSession): Promise<void> {
  try {
    if (model === undefined) throw new Error('The model is not loaded.');
    tell({ type: 'ran', input, result: await model.run(input, { width, height }) });
  } catch (error) {
    tell({ type: 'failed', input, message: messageOf(error) });
  }
}

const model = await load();
let queue = Promise.resolve();
parentPort?.on('message', (message: ToSession) => {
  // one after another: the time of one run must not include the wait for another
  queue = queue.then(() => run(message));
});
