import { unmirrorBox, unmirrorJoints } from './mirror.ts';

test('a box at the left edge of a mirrored frame lies at the right edge of the frame', () => {
  expect(unmirrorBox({ x1: 0, y1: 5, x2: 30, y2: 50 }, 100)).toEqual({ x1: 70, y1: 5, x2: 100, y2: 50 });
});

test('the left wrist of a person in a mirrored frame is the right wrist', () => {
  const [leftWrist, rightWrist, nose] = [9, 10, 0];
  const joints = Array.from({ length: 17 }, () => ({ x: 50, y: 0, visibility: 0 }));
  joints[leftWrist] = { x: 10, y: 20, visibility: 0.9 };
  joints[nose] = { x: 40, y: 5, visibility: 0.7 };
  const found = unmirrorJoints(joints, 100);
  expect(found[rightWrist]).toEqual({ x: 90, y: 20, visibility: 0.9 });
  expect(found[leftWrist]).toEqual({ x: 50, y: 0, visibility: 0 });
  expect(found[nose]).toEqual({ x: 60, y: 5, visibility: 0.7 });
});
