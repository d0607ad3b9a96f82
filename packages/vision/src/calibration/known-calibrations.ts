import type { JointCalibration, ModelCalibration } from './model-calibration.ts';

/**
 * How joints confirm a person in MoveNet MultiPose: fitted to its detections in GMDCSA24 (subjects 1 and 2, MIT) and in rendered rooms,
 * by logistic regression. Other pose models begin here when they are measured.
 */
export const moveNetJoints: JointCalibration = { confidenceWeight: 1.44, visibilityWeight: 2.25, bias: 3.15 };

const moveNet: ModelCalibration = {
  startConfidence: 0.3,
  continueConfidence: 0.15,
  furnitureConfidence: 0.7,
  joints: moveNetJoints,
};

/** Measured by `vigilia models check --pictures`; docs/models.md says on which frames. By model id. */
const known: Readonly<Record<string, ModelCalibration>> = {
  movenet: moveNet,
  'movenet-precise': moveNet,
};

/** Cautious values for a model that was not measured: the highest of all that were, so that furniture starts nothing. */
const cautious: ModelCalibration = { startConfidence: 0.4, continueConfidence: 0.2, furnitureConfidence: 0.7 };
const cautiousJoints: JointCalibration = moveNetJoints;

export type CalibrationSource = 'json' | 'known' | 'default';

/**
 * Returns what a model's confidences mean: as measured at this site (`calibration` in the JSON beside the model), as measured by
 * us (known models, by id), or else cautious values.
 * @param hasJoints whether the model's detections have the 17 joints of COCO
 */
export function calibrationOf(model: {
  readonly modelId: string;
  readonly own: ModelCalibration | undefined;
  readonly hasJoints: boolean;
}): { readonly calibration: ModelCalibration; readonly source: CalibrationSource } {
  if (model.own !== undefined) return { calibration: model.own, source: 'json' };
  const measured = known[model.modelId];
  if (measured !== undefined) return { calibration: measured, source: 'known' };
  const joints = model.hasJoints ? cautiousJoints : undefined;
  return { calibration: { ...cautious, joints }, source: 'default' };
}
