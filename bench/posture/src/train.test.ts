import { judgePosture, postureCoefficients, postureInputsHash } from '@vigilia/vision';
import { fitPosture } from './fit.ts';
import { inputsHash } from './inputs-hash.ts';
import { Random } from './random.ts';
import { drawSamples } from './sample.ts';
import { fullTraining, validationSkeletons } from './settings.ts';
import { validate } from './validate.ts';

test('the shipped coefficients are those of this simulation: after a change, run npm run train:posture', () => {
  expect(postureInputsHash).toBe(inputsHash());
});

test('the same seed draws the same skeletons', () => {
  expect(drawSamples(20, new Random(7))).toEqual(drawSamples(20, new Random(7)));
});

test('a short training agrees with the shipped coefficients on skeletons that neither has seen', () => {
  const short = fitPosture(drawSamples(5000, new Random(fullTraining.seed)), { ...fullTraining, iterations: 80 });
  const unseen = validationSkeletons(1500);
  const isLow = (values: readonly number[], coefficients: typeof short) => {
    const posture = judgePosture(values, coefficients);
    return posture[2] + posture[3] > 0.5;
  };
  const agreeing = unseen.filter(({ values }) => isLow(values, short) === isLow(values, postureCoefficients));
  expect(agreeing.length / unseen.length).toBeGreaterThan(0.95);
  expect(validate(unseen, postureCoefficients).logLoss).toBeLessThan(validate(unseen, short).logLoss + 0.02);
});

test('most simulated people on the floor are judged to be there, and few others', () => {
  const { lowFound, othersLow } = validate(validationSkeletons(3000), postureCoefficients);
  expect(lowFound).toBeGreaterThan(0.78);
  expect(othersLow).toBeLessThan(0.1);
});
