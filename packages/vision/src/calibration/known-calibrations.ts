import type { JointCalibration, ModelCalibration } from './model-calibration.ts';

/**
 * How joints confirm a person in MoveNet MultiPose: fitted to its detections in GMDCSA24 (subjects 1 and 2, MIT) and in rendered rooms,
 * by logistic regression. Other pose models begin here when they are measured.
 */
export const moveNetJoints: JointCalibration = { confidenceWeight: 1.44, visibilityWeight: 2.25, bias: 3.15 };

const moveNet: ModelCalibration = {
  startConfidence: 0.7,
  continueConfidence: 0.15,
  furnitureConfidence: 0.91,
  joints: moveNetJoints,
};

/**
 * By model id. Measured by `vigilia models check --pictures` on 107 pictures with people (rendered rooms, GMDCSA24, a room with a table)
 * and 59 without (the same rooms, people removed). docs/embedded-model.md has the table.
 */
const known: Readonly<Record<string, ModelCalibration>> = {
  movenet: moveNet,
  'movenet-precise': moveNet,
  'yolov8n-pose-640': {
    startConfidence: 0.27,
    continueConfidence: 0.15,
    furnitureConfidence: 0.62,
    joints: { confidenceWeight: 1.44, visibilityWeight: 2.18, bias: 3.81 },
  },
  'yolov11n-640': { startConfidence: 0.31, continueConfidence: 0.15, furnitureConfidence: 0.67 },
  'yolox-nano-416': { startConfidence: 0.16, continueConfidence: 0.15, furnitureConfidence: 0.46 },
};

/** For a model that was not measured: a little above those that were, so that its furniture starts nothing. */
const cautious: ModelCalibration = {
  startConfidence: 0.4,
  continueConfidence: 0.2,
  furnitureConfidence: 0.75,
  joints: moveNetJoints,
};

export type CalibrationSource = 'json' | 'known' | 'default';

/**
 * Returns what a model's confidences mean: as measured at this site (`calibration` in the JSON beside the model), as measured by
 * us (known models, by id), or else cautious values.
 */
export function calibrationOf(
  modelId: string,
  own: ModelCalibration | undefined,
): { readonly calibration: ModelCalibration; readonly source: CalibrationSource } {
  if (own !== undefined) return { calibration: own, source: 'json' };
  const measured = known[modelId];
  if (measured !== undefined) return { calibration: measured, source: 'known' };
  return { calibration: cautious, source: 'default' };
}
