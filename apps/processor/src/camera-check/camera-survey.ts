import type { CameraView, EncodedFrame, FrameMeasures } from '@vigilia/vision';
import type { StreamFacts } from './probe-stream.ts';

/** A camera that is checked, with what is set of its room as far as that is known. */
export interface CameraToCheck {
  readonly sourceId: number;
  /** May hold credentials. */
  readonly address: string;
  readonly view: CameraView;
  /** Frames per second that are wanted of it. */
  readonly maxFps: number;
}

/** What was measured of a camera. */
export interface CameraSurvey {
  readonly facts: StreamFacts | undefined;
  readonly encoded: EncodedFrame;
  /** Size of the displayed frame: square px, rotated as the room's view demands. */
  readonly displayed: { readonly width: number; readonly height: number };
  /** Infinity: no keyframe can be decoded alone; undefined: no second one came. */
  readonly keyframeIntervalMs: number | undefined;
  /** Frames per second that the camera really sends; undefined: too few to measure. */
  readonly fps: number | undefined;
  /** Of some frames, one after the other. */
  readonly qualities: readonly FrameMeasures[];
}
