import { z } from 'zod';

const share = z.number().min(0.01).max(0.99);

/**
 * What a model's confidences mean, measured on frames with people and of empty rooms (`measure-calibration.ts`). Confidences of two
 * models cannot be compared: one shows a person who lies at 0.3, another an armchair at 0.6.
 */
export const calibrationSchema = z
  .object({
    /** Confidence at which a detection is a person as often as a thing: it may start a track. */
    startConfidence: share,
    /** Least confidence of a person who is known already: below, even the weakest sights of people are rare. */
    continueConfidence: share,
    /** Things in empty rooms stay below: from here on a detection is not furniture. */
    furnitureConfidence: share,
    /** How joints confirm a person: weights of a logistic regression; absent for models without joints. */
    joints: z
      .object({
        /** Of ln(s / (1 − s)), s the confidence. */
        confidenceWeight: z.number().positive().max(10),
        /** Of ln(v + 0.02), v the mean visibility of the 17 joints. */
        visibilityWeight: z.number().min(0).max(10),
        bias: z.number().min(-20).max(20),
      })
      .optional(),
  })
  .refine(({ continueConfidence, startConfidence, furnitureConfidence }) => {
    return continueConfidence <= startConfidence && startConfidence < furnitureConfidence;
  }, 'continueConfidence must not be above startConfidence, which must be below furnitureConfidence');

export type ModelCalibration = z.infer<typeof calibrationSchema>;
export type JointCalibration = NonNullable<ModelCalibration['joints']>;
