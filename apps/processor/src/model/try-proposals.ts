import {
  contradiction,
  createInput,
  decode,
  letterboxGeometry,
  letterboxGrey,
  type ModelDescription,
  ModelDescriptionError,
  ModelOutputError,
  personClass,
  preprocess,
  type RgbFrame,
} from '@vigilia/vision';
import type { InferenceSession } from 'onnxruntime-node';
import { OnnxModel } from './onnx-model.ts';
import { personPictureConfidence } from './person-picture.ts';
import type { LoadedSession, RunResult } from './session.ts';

/** A person found this surely ends the search among other ways to feed the model. */
const sureConfidence = 0.5;

interface Tried extends LoadedSession {
  readonly model: OnnxModel;
}

/**
 * Tries a model in every proposed way on a grey frame and on the picture of a person. Returns the way that finds the person best
 * among those whose numbers make sense; where none finds it, the likeliest of these.
 * Throws `ModelDescriptionError` with what is wrong where no way makes sense.
 */
export async function tryProposals(
  session: InferenceSession,
  proposals: readonly ModelDescription[],
  person: RgbFrame | undefined,
): Promise<Tried> {
  const trials = new Trials(session);
  const problems: string[] = [];
  const usable: Tried[] = [];
  for (const description of proposals) {
    const first = await trials.run(description, 'grey', blank(description, letterboxGrey));
    // without a picture, a second run: the first one is slower than usual
    const second = await trials.run(description, 'person', person ?? blank(description, letterboxGrey));
    const problem = problemOf(first, description) ?? problemOf(second, description);
    if (problem !== undefined) {
      problems.push(`read as ${description.layout}, it gives ${problem}`);
      continue;
    }
    const { inferenceMs } = second;
    const personConfidence = person === undefined ? undefined : bestPerson(second.outputs, description);
    usable.push({ model: new OnnxModel(session, description), description, inferenceMs, personConfidence });
    if ((personConfidence ?? 0) >= sureConfidence) break;
  }
  const [best] = usable.toSorted((a, b) => (b.personConfidence ?? 0) - (a.personConfidence ?? 0));
  if (best === undefined) throw noProposal(problems);
  return (best.personConfidence ?? 0) > 0 ? best : likeliest(usable, trials, best);
}

/** A white frame makes some models answer that found nothing elsewhere. */
async function likeliest(usable: readonly Tried[], trials: Trials, first: Tried): Promise<Tried> {
  if (usable.length === 1) return first;
  for (const tried of usable) {
    const result = await trials.run(tried.description, 'white', blank(tried.description, 255));
    if (problemOf(result, tried.description) === undefined) return tried;
  }
  return first;
}

/** What cannot be right in the numbers of a run; undefined where nothing is. */
function problemOf({ outputs }: RunResult, description: ModelDescription): string | undefined {
  for (const [name, { data }] of Object.entries(outputs)) {
    const wrong = data.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) return `${wrong} in its output ${name}`;
  }
  const problem = contradiction(outputs, description);
  if (problem !== undefined) return problem;
  try {
    bestPerson(outputs, description);
    return undefined;
  } catch (error) {
    if (error instanceof ModelOutputError) return error.message;
    throw error;
  }
}

function bestPerson(outputs: RunResult['outputs'], description: ModelDescription): number {
  const { width, height } = description;
  const found = decode(outputs, description, {
    geometry: letterboxGeometry(width, height, width, height),
    confidence: personPictureConfidence,
    classNames: [personClass],
  });
  return Math.max(0, ...found.map(({ confidence }) => confidence));
}

function noProposal(problems: readonly string[]): ModelDescriptionError {
  const [first, ...others] = problems;
  const more = others.length > 0 ? ` (${others.slice(0, 3).join('; ')})` : '';
  return new ModelDescriptionError(
    `The model's numbers fit no known layout of its shape: ${first}${more}. Export it in a known layout, see docs/models.md.`,
  );
}

const blank = ({ width, height }: ModelDescription, byte: number): RgbFrame => ({
  data: new Uint8Array(width * height * 3).fill(byte),
  width,
  height,
});

/** Runs of one session; ways of reading that are fed alike share them. */
class Trials {
  readonly #session: InferenceSession;
  readonly #done = new Map<string, RunResult>();

  constructor(session: InferenceSession) {
    this.#session = session;
  }

  async run(description: ModelDescription, name: string, frame: RgbFrame): Promise<RunResult> {
    const { colour, scale, normalise } = description;
    const key = JSON.stringify([name, colour, scale, normalise]);
    const before = this.#done.get(key);
    if (before !== undefined) return before;
    const input = createInput(description);
    preprocess(frame, description, input);
    const result = await new OnnxModel(this.#session, description).run(input);
    this.#done.set(key, result);
    return result;
  }
}
