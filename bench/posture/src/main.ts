import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostureCoefficients } from '@vigilia/vision';
import { fitPosture } from './fit.ts';
import { inputsHash } from './inputs-hash.ts';
import { Random } from './random.ts';
import { drawSamples } from './sample.ts';
import { fullTraining, validationSkeletons } from './settings.ts';
import { validate } from './validate.ts';

const file = join(import.meta.dirname, '../../../packages/vision/src/posture/posture-coefficients.ts');
const digits = 4;
const validationCount = 20_000;

const round = (values: readonly number[]): string => values.map((value) => Number(value.toFixed(digits))).join(', ');

function source({ prior, mean, deviation, weights, bias }: PostureCoefficients): string {
  const rows = weights.map((row) => `    [${round(row)}],`).join('\n');
  return `// Made by \`npm run train:posture\`; do not edit.
import type { PostureCoefficients } from './posture-model.ts';

/** Identifies the simulation, the features and the settings that made these coefficients. */
export const postureInputsHash = '${inputsHash()}';

/** Trained on ${fullTraining.samples} simulated skeletons, no footage. */
export const postureCoefficients: PostureCoefficients = {
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
};
`;
}

const startedAt = performance.now();
const samples = drawSamples(fullTraining.samples, new Random(fullTraining.seed));
const coefficients = fitPosture(samples, fullTraining);
writeFileSync(file, source(coefficients));
const result = {
  ...validate(validationSkeletons(validationCount), coefficients),
  seconds: Math.round((performance.now() - startedAt) / 1000),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
