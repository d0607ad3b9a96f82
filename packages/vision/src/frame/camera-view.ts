/** Degrees by which a camera's frame is turned clockwise before anything analyses it. */
export const rotations = [0, 90, 180, 270] as const;
export type Rotation = (typeof rotations)[number];

/** How the frame of a camera has to be corrected: its shape first, then its rotation. */
export interface CameraView {
  /** Width divided by height of the camera's frame before rotation; undefined: as the stream flags it. */
  readonly aspect: number | undefined;
  readonly rotate: Rotation;
}

/** The frame as the stream describes it. */
export const plainView: CameraView = { aspect: undefined, rotate: 0 };

/** A frame as it is encoded, px; `sar`: width of one pixel divided by its height. */
export interface EncodedFrame {
  readonly width: number;
  readonly height: number;
  readonly sar: number;
}

/** Size in square pixels, upright: what boxes, joints, posture and `image` refer to. */
export function displayedSize(encoded: EncodedFrame, view: CameraView): { width: number; height: number } {
  const { width, height, sar } = encoded;
  const displayed = { width: Math.round(view.aspect === undefined ? width * sar : height * view.aspect), height };
  return isQuarterTurn(view.rotate) ? { width: height, height: displayed.width } : displayed;
}

/** Whether the rotation exchanges width and height. */
export function isQuarterTurn(rotate: Rotation): boolean {
  return rotate === 90 || rotate === 270;
}
