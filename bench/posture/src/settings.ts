import { Random } from './random.ts';
import { drawSamples, type Sample } from './sample.ts';

/** The full training. Twice the samples or iterations change the validated loss by less than 1 %. */
export const fullTraining = { samples: 40_000, seed: 1, iterations: 300, ridge: 1e-4 } as const;

/** Skeletons that no training has seen. */
export const validationSkeletons = (count: number): Sample[] => drawSamples(count, new Random(1_000_003));
