/** The child process of a model host: one ONNX session; its memory goes with the process. */
import { readSync } from 'node:fs';
import {
  atInputSize,
  type Detection,
  decode,
  inputStep,
  letterboxGeometry,
  type ModelDescription,
  mergePasses,
  preprocess,
} from '@vigilia/vision';
import { messageOf } from './message-of.ts';
import { type FromModelHost, frameMemoryFd, type InferRequest, type ToModelHost } from './model-host-messages.ts';
import { SessionThread } from './session-thread.ts';

interface Loaded {
  readonly session: SessionThread;
  readonly description: ModelDescription;
}

/** What one pass over a picture found. */
interface PassResult {
  readonly detections: readonly Detection[];
  readonly inferenceMs: number;
}

let loaded: Loaded | undefined;

function answer(message: FromModelHost): void {
  // the processor may have ended: then 'disconnect' ends this process
  if (process.connected) process.send?.(message, () => {});
}

/** The process is useless without its session: the processor replaces it. */
function endWith(error: Error): void {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

async function load(request: Extract<ToModelHost, { type: 'load' }>): Promise<void> {
  try {
    const session = new SessionThread({ files: request, onEnd: endWith });
    const model = await session.loaded();
    loaded = { session, description: model.description };
    answer({ type: 'ready', loaded: model });
  } catch (error) {
    answer({ type: 'refused', message: messageOf(error) });
  }
}

/** Resolves when the next picture may be prepared, which is while this one is still computed on. */
async function infer(id: number, request: InferRequest): Promise<void> {
  try {
    if (loaded === undefined) throw new Error('The model is not loaded.');
    const { session } = loaded;
    const { width, height } = request;
    const description = descriptionFor(loaded.description, request);
    const geometry = letterboxGeometry(request.sourceWidth, request.sourceHeight, width, height);
    const picture = readPicture(request);
    const passes: Promise<PassResult>[] = [];
    for (const turn of description.passes) {
      const input = await session.input(description);
      const showing = { turn, mirrored: request.mirrored };
      preprocess({ data: picture, width, height }, description, input, showing);
      const pass = session.run(input, { width, height }).then(({ outputs, inferenceMs }) => ({
        detections: decode(outputs, description, {
          turn,
          mirrored: request.mirrored,
          confidence: request.confidence,
          geometry,
        }),
        inferenceMs,
      }));
      pass.catch(() => {}); // reported by `finish`, which may come later
      passes.push(pass);
    }
    void finish(id, passes);
  } catch (error) {
    answer({ type: 'failed', id, message: messageOf(error) });
  }
}

/** Throws where the picture is not of the size that the model takes. */
function descriptionFor(own: ModelDescription, { width, height }: InferRequest): ModelDescription {
  if (width === own.width && height === own.height) return own;
  if (!own.resizable || width % inputStep !== 0 || height % inputStep !== 0) {
    throw new Error(`The picture is ${width}×${height}, the model takes ${own.width}×${own.height}.`);
  }
  return atInputSize(own, width, height);
}

let picture = new Uint8Array(0);

/** One picture is prepared at a time, so that its memory is used again. */
function readPicture({ width, height, offset }: InferRequest): Uint8Array {
  const length = width * height * 3;
  if (picture.length !== length) picture = new Uint8Array(length);
  readSync(frameMemoryFd, picture, 0, length, offset);
  return picture;
}

async function finish(id: number, passes: readonly Promise<PassResult>[]): Promise<void> {
  const results = await Promise.allSettled(passes);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) return answer({ type: 'failed', id, message: messageOf(failed.reason) });
  const found = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const inferenceMs = found.reduce((sum, pass) => sum + pass.inferenceMs, 0);
  const detections =
    found.length === 1 ? (found[0]?.detections ?? []) : mergePasses(found.map((one) => one.detections));
  answer({ type: 'result', id, result: { detections, inferenceMs, passes: found.length } });
}

let queue = Promise.resolve();
process.on('message', (message: ToModelHost) => {
  // one at a time: there is one picture buffer
  queue = queue.then(() => (message.type === 'load' ? load(message) : infer(message.id, message)));
});
// not `process.exit`: that would wait for a run that may hang
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// Ctrl-C in a terminal and a supervisor's SIGTERM reach the whole group; when this process ends is the processor's decision
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
