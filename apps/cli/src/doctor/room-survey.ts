import type { CameraToCheck } from '@vigilia/processor';
import type { Zone } from '@vigilia/protocol';
import type { Detection, ModelCalibration, Rotation } from '@vigilia/vision';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A room that the doctor checks, with its settings as far as they are known. */
export interface RoomToCheck extends CameraToCheck {
  /** undefined: never set, or not known. */
  readonly zones: readonly Zone[] | undefined;
  /** A running site reports its settings. */
  readonly settingsKnown: boolean;
}

/** The model that finds people. */
export interface FinderModel {
  readonly modelId: string;
  /** Score of the person in the embedded picture of one. */
  readonly personConfidence: number;
  /** What its confidences mean. */
  readonly calibration: ModelCalibration;
}

/** What the model found in one frame, turned clockwise by `rotate` degrees. */
export interface RotationResult {
  readonly rotate: Rotation;
  /** Size of the turned frame, square px: the unit of the detections. */
  readonly displayed: Size;
  /** Size of the model's input, px. */
  readonly input: Size;
  readonly detections: readonly Detection[];
}

/** What the model found in the room. */
export interface PeopleFound {
  readonly model: FinderModel;
  /** Each frame in all four rotations. */
  readonly rotationResults: readonly RotationResult[];
  /** Each frame as it is, shown in overlapping parts at twice the size; empty where a person stands clearly without that. */
  readonly zoomedResults: readonly RotationResult[];
}
