import type { Detection, Keypoint } from '../detection/detection.ts';
import { restoreRoom, saveRoom } from './room-memory.ts';
import { kinds, lying, play, type Scene, standing } from './scene.fixture.ts';

/** A person with one joint as a broken or half-precision model may give it. */
function withJoint(person: Detection, wrong: Keypoint): Detection {
  const { box } = person;
  const joints = Array.from({ length: 17 }, (_, index) => ({
    x: (box.x1 + box.x2) / 2 + index,
    y: box.y1 + index * 3,
    visibility: 0.6,
  }));
  return { ...person, keypoints: joints.with(3, wrong) };
}

test.each<[string, Keypoint]>([
  ['without a place', { x: Number.NaN, y: 0, visibility: 0.5 }],
  ['endlessly far away', { x: 0, y: Number.NEGATIVE_INFINITY, visibility: 0.5 }],
  ['without a visibility', { x: 10, y: 10, visibility: Number.NaN }],
  ['endlessly visible', { x: 300, y: 300, visibility: Number.POSITIVE_INFINITY }],
  ['of negative visibility', { x: 300, y: 300, visibility: -5 }],
])('a joint %s neither stops the room nor loses its memory nor hides a fall', (_, wrong) => {
  const seen: Scene = (s) => (s < 10 ? [standing()] : [s === 12 ? withJoint(lying(), wrong) : lying()]);
  const { told, state } = play({ scene: seen, seconds: 60 });
  expect(kinds(told)).toContain('detected');
  expect(restoreRoom(JSON.parse(JSON.stringify(saveRoom(state))))).toBeDefined();
});
