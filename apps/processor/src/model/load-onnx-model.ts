import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import {
  createInput,
  describeModelInput,
  type ModelDescription,
  type ModelMetadata,
  proposeDescriptions,
} from '@vigilia/vision';
import { InferenceSession, listSupportedBackends } from 'onnxruntime-node';
import { readPicture } from '../picture/read-picture.ts';
import { readOnnxMetadata } from './onnx-metadata.ts';
import { type OnnxModel, runSession } from './onnx-model.ts';
import { personPicture } from './person-picture.ts';
import type { LoadedSession, SessionFiles } from './session.ts';
import { tryProposals } from './try-proposals.ts';

/**
 * Loads a model file with the JSON beside it, if there is one, finds out how it is to be fed and read, and tries it on blank frames
 * and on the embedded picture of a person. Idle threads do not spin: a spinning thread takes the CPU from ffmpeg.
 * Throws with a sentence that names why the model cannot be used.
 */
export async function loadOnnxModel(options: SessionFiles): Promise<LoadedSession & { readonly model: OnnxModel }> {
  checkProvider(options.provider);
  const session = await InferenceSession.create(options.modelPath, {
    executionProviders: [options.provider],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const tensors = (list: readonly InferenceSession.ValueMetadata[]) =>
    list.flatMap((item) => (item.isTensor ? [{ name: item.name, shape: item.shape, type: item.type }] : []));
  const json = readJson(options.jsonPath);
  const metadata = await withoutFreeSides(session, json, {
    inputs: tensors(session.inputMetadata),
    outputs: tensors(session.outputMetadata),
    properties: readOnnxMetadata(options.modelPath),
  });
  const proposals = proposeDescriptions(metadata, json);
  const known = proposals.find((proposal) => isDeepStrictEqual(proposal, options.known));
  if (known !== undefined) return tryProposals(session, [known], undefined);
  return tryProposals(session, proposals, await personFrame(options, proposals[0]));
}

/** ONNX Runtime's own message for a name that it does not know leaves out which ones it has. */
function checkProvider(provider: string): void {
  const names = listSupportedBackends().map(({ name }) => name);
  if (names.includes(provider)) return;
  throw new Error(`ONNX Runtime has no provider ${provider} here; it has ${names.join(', ')}.`);
}

/**
 * Exporters leave sides of outputs free that are always the same. A run on a blank frame shows them; the number of frames (first
 * side) and sides of 0 stay free.
 */
async function withoutFreeSides(
  session: InferenceSession,
  json: unknown,
  metadata: ModelMetadata,
): Promise<ModelMetadata> {
  if (metadata.outputs.every(({ shape }) => shape.slice(1).every((side) => typeof side === 'number'))) return metadata;
  const input = describeModelInput(metadata, json);
  const { outputs } = await runSession(session, input, createInput(input));
  return {
    inputs: metadata.inputs,
    properties: metadata.properties,
    outputs: metadata.outputs.map(({ name, type, shape }) => ({
      name,
      type,
      shape: shape.map((side, index) => (index > 0 && outputs[name]?.dims[index]) || side),
    })),
  };
}

async function personFrame({ ffmpeg }: SessionFiles, description: ModelDescription | undefined) {
  if (ffmpeg === undefined || description === undefined) return undefined;
  const { width, height } = description;
  const picture = await readPicture({ ffmpeg, file: personPicture, width, height });
  return picture && { data: picture.data, width, height };
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
    throw new Error(`The JSON beside the model is not valid JSON: ${cause instanceof Error ? cause.message : cause}.`, {
      cause,
    });
  }
}
