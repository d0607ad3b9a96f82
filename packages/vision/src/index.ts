export { type DecodeOptions, decode } from './decode/decode.ts';
export { contradiction } from './decode/judge-outputs.ts';
export { mergePasses } from './decode/merge-passes.ts';
export { nms } from './decode/nms.ts';
export { outputsFinite } from './decode/outputs-finite.ts';
export { adoptFalls } from './fall/adopt-falls.ts';
export { defaultFallPolicy, type FallPolicy, type FallPolicyInput, fallPolicySchema } from './fall/fall-policy.ts';
export type { FrameSeen, Observed, PersonSeen } from './fall/observe-room.ts';
export { type FallEvidence, type RoomEffect, standingAlarm } from './fall/room-effects.ts';
export { type RoomState, restoreRoom } from './fall/room-state.ts';
export { type RoomSummary, summariseRoom } from './fall/room-summary.ts';
export { createRoomVision, type RoomVision } from './fall/room-vision.ts';
export type { RoomStep } from './fall/tick-room.ts';
export {
  type CameraView,
  displayedSize,
  type EncodedPicture,
  plainView,
  type Rotation,
  rotations,
} from './image/camera-view.ts';
export { type FrameQuality, frameQuality, judgeFrameQuality, type PoorSight } from './image/frame-quality.ts';
export { halfToFloats } from './image/half.ts';
export { type LetterboxGeometry, letterboxFilter, letterboxGeometry, unletterbox } from './image/letterbox.ts';
export {
  createInput,
  inputDims,
  inputLength,
  letterboxGrey,
  type ModelInput,
  preprocess,
  type RgbFrame,
} from './image/preprocess.ts';
export { observeSight, type SightState } from './image/sight.ts';
export { iou } from './model/box.ts';
export { personClass } from './model/class-names.ts';
export { cocoLabels } from './model/coco-labels.ts';
export { describeModel, describeModelInput, proposeDescriptions } from './model/describe-model.ts';
export type { Box, Detection, Keypoint } from './model/detection.ts';
export {
  type ModelDescription,
  ModelDescriptionError,
  type ModelInputDescription,
  type ModelLayout,
  type ModelMetadata,
  ModelOutputError,
  type TensorMetadata,
  type TensorView,
  type Turn,
} from './model/model-description.ts';
export { type ModelJson, modelJsonSchema } from './model/model-json.ts';
export { insidePolygon } from './zones/polygon.ts';
export type { Zone } from './zones/zone.ts';
