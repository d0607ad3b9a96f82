export { type CalibrationSource, calibrationOf } from './calibration/known-calibrations.ts';
export { type CalibrationSample, leastSamples, measureCalibration } from './calibration/measure-calibration.ts';
export type { JointCalibration, ModelCalibration } from './calibration/model-calibration.ts';
export { jointFeatures, meanVisibility, personProbability } from './calibration/person-probability.ts';
export { decode } from './decode/decode.ts';
export { contradiction } from './decode/judge-outputs.ts';
export { mergePasses } from './decode/merge-passes.ts';
export { describeModel, describeModelInput, proposeDescriptions } from './describe/describe-model.ts';
export { clipBox, iou } from './detection/box.ts';
export type { Box, Detection, Keypoint } from './detection/detection.ts';
export { adoptFalls } from './fall/adopt-falls.ts';
export { defaultFallPolicy, type FallPolicy } from './fall/fall-policy.ts';
export type { FallAnswer } from './fall/fall-state.ts';
export { findsMore } from './fall/inherit-findings.ts';
export { lookBack } from './fall/look-back.ts';
export type { FrameSeen, PersonSeen } from './fall/observe-room.ts';
export { RecentFrames, type TimeSpan } from './fall/recent-frames.ts';
export { type RoomEffect, standingAlarm } from './fall/room-effects.ts';
export { restoreRoom, saveRoom } from './fall/room-memory.ts';
export type { FallDecisionState } from './fall/room-state.ts';
export { type RoomSummary, summariseRoom } from './fall/room-summary.ts';
export { createRoomVision, type RoomVision } from './fall/room-vision.ts';
export {
  type CameraView,
  displayedSize,
  type EncodedFrame,
  plainView,
  type Rotation,
  rotations,
} from './frame/camera-view.ts';
export { type FrameFault, type FrameMeasures, frameQuality, judgeFrameQuality } from './frame/frame-quality.ts';
export { halfToFloats } from './frame/half.ts';
export { type LetterboxGeometry, letterboxFilter, letterboxGeometry, unletterbox } from './frame/letterbox.ts';
export {
  createInput,
  inputDims,
  inputLength,
  letterboxGrey,
  type ModelInput,
  preprocess,
  type RgbFrame,
} from './frame/preprocess.ts';
export { observeVisibility, type Visibility } from './frame/visibility.ts';
export { personClass } from './model/class-names.ts';
export {
  atInputSize,
  type ModelDescription,
  ModelDescriptionError,
  type ModelInputDescription,
  type ModelMetadata,
  ModelOutputError,
  type Showing,
  type TensorView,
} from './model/model-description.ts';
export { type CameraFacts, chooseInputSize } from './movenet/choose-input-size.ts';
export { type InputSize, inputSizeFor, inputStep } from './movenet/input-size.ts';
export { bodyPoints, jointCount } from './posture/body-points.ts';
export { postureCoefficients, postureInputsHash } from './posture/posture-coefficients.ts';
export { featureNames, postureFeatures, withStandingHeight } from './posture/posture-features.ts';
export {
  type ByPosture,
  judgePosture,
  type PostureCoefficients,
  postureClasses,
  postureTerms,
} from './posture/posture-model.ts';
export { insidePolygon } from './zones/polygon.ts';
export type { Zone } from './zones/zone.ts';
