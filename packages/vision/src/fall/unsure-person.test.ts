import type { Detection, Keypoint } from '../detection/detection.ts';
import { kinds, person, play, type Scene } from './scene.fixture.ts';

/** A person who is never seen clearly, as at night or far from the camera: every other look is hardly more than furniture. */
const faint = (box: Detection['box'], s: number, withJoints: boolean): Detection => {
  const detection = person(box, Math.round(s * 5) % 3 === 0 ? 0.45 : 0.3);
  return withJoints ? { ...detection, keypoints: joints(box) } : detection;
};

/** Joints along the longer axis of the body, from the head to the ankles. */
function joints({ x1, y1, x2, y2 }: Detection['box']): Keypoint[] {
  const along = [0.02, 0.01, 0.01, 0.03, 0.03, 0.15, 0.15, 0.3, 0.3, 0.42, 0.42, 0.5, 0.5, 0.72, 0.72, 0.95, 0.95];
  const isUpright = y2 - y1 > x2 - x1;
  return along.map((share, index): Keypoint => {
    const side = index % 2 === 0 ? 0.3 : 0.7;
    const [x, y] = isUpright
      ? [x1 + side * (x2 - x1), y1 + share * (y2 - y1)]
      : [x1 + share * (x2 - x1), y1 + side * (y2 - y1)];
    return { x, y, visibility: 0.3 };
  });
}

describe.each([true, false])('a person who is never seen clearly (with joints: %s)', (withJoints) => {
  const scene: Scene = (s) => {
    const x = Math.min(400, 100 + s * 20);
    if (s < 20) return [faint({ x1: x - 40, y1: 200, x2: x + 40, y2: 400 }, s, withJoints)];
    return [faint({ x1: 305, y1: 340, x2: 495, y2: 400 }, s, withJoints)];
  };
  test.each([0.5, 1, 2, 5])('who walked and fell is not taken for furniture, at %d frames per second', (fps) => {
    expect(kinds(play({ scene, seconds: 120, fps }).told)).toContain('detected');
  });
});
