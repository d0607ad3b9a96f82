import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featureNames, type PostureCoefficients } from '@vigilia/vision';
import { fitPosture } from './fit.ts';
import { inputsHash } from './inputs-hash.ts';
import { Random } from './random.ts';
import { drawSamples, type Sample } from './sample.ts';
import { fullTraining, validationSkeletons } from './settings.ts';
import { validate } from './validate.ts';

const file = join(import.meta.dirname, '../../../packages/vision/src/posture/posture-coefficients.ts');
const digits = 4;
const validationCount = 20_000;

const round = (values: readonly number[]): string => values.map((value) => Number(value.toFixed(digits))).join(', ');

function table({ prior, mean, deviation, weights, bias }: PostureCoefficients): string {
  const rows = weights.map((row) => `    [${round(row)}],`).join('\n');
  return `{
  // biome-ignore format: a table
  prior: [${round(prior)}],
  // biome-ignore format: a table
  mean: [${round(mean)}],
  // biome-ignore format: a table
  deviation: [${round(deviation)}],
  // biome-ignore format: a table
  weights: [
${rows}
  ],
  // biome-ignore format: a table
  bias: [${round(bias)}],
}`;
}

function source(plain: PostureCoefficients, withHeight: PostureCoefficients): string {
  return `// biome-ignore-all lint/suspicious/noApproximativeNumericConstant: trained numbers
// Made by \`npm run train:posture\`; do not edit.
import type { PostureCoefficients } from './posture-model.ts';

/** Identifies the simulation, the features and the settings that made these coefficients. */
export const postureInputsHash = '${inputsHash()}';

/** Trained on ${fullTraining.samples} simulated skeletons, no footage. */
export const postureCoefficients: PostureCoefficients = ${table(plain)};

/** The same where the standing height at the feet is known. */
export const postureCoefficientsWithHeight: PostureCoefficients = ${table(withHeight)};
`;
}

/** The samples whose standing height is known, with it among their features. */
const knownHeights = (all: readonly Sample[]): Sample[] =>
  all.flatMap((sample) => (sample.valuesWithHeight ? [{ ...sample, values: sample.valuesWithHeight }] : []));

const withoutHeight = (sample: Sample): Sample => ({ ...sample, values: sample.values.slice(0, featureNames.length) });

const startedAt = performance.now();
const samples = drawSamples(fullTraining.samples, new Random(fullTraining.seed));
const validation = validationSkeletons(validationCount);
const plain = fitPosture(samples, fullTraining);
const withHeight = fitPosture(knownHeights(samples), fullTraining);
writeFileSync(file, source(plain, withHeight));
const result = {
  plain: validate(validation, plain),
  plain_where_height_known: validate(knownHeights(validation).map(withoutHeight), plain),
  with_height: validate(knownHeights(validation), withHeight),
  seconds: Math.round((performance.now() - startedAt) / 1000),
};
process.stdout.write(`${JSON.stringify(result, undefined, 1)}\n`);
