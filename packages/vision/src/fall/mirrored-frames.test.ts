import type { Detection } from '../detection/detection.ts';
import { bed, kinds, lying, play, type Scene, standing } from './scene.fixture.ts';

/** Every second frame is mirrored, beginning with the second one. */
const isMirrored = (second: number): boolean => second % 2 === 1;
/** As decoding marks what it finds in a mirrored frame. */
const inMirrored = (detection: Detection): Detection => ({ ...detection, turned: true });
/** A person who stands for half a minute and lies from then on, in each kind of frame as it is given. */
const fall =
  (plain: readonly Detection[], mirrored: readonly Detection[]): Scene =>
  (second) => {
    const low = isMirrored(second) ? mirrored : plain;
    const up = isMirrored(second) ? [inMirrored(standing())] : [standing()];
    return second < 30 ? up : low;
  };

test('a person whom only mirrored frames show after the fall is found', () => {
  const scene = fall([], [inMirrored(lying())]);
  expect(kinds(play({ scene, seconds: 150, mirrors: true }).told)).toContain('detected');
});

test.each([0.2, 1])(
  'a person on the floor whom no mirrored frame shows is not taken for one who got into bed, at %d frames per second',
  (fps) => {
    const bedElsewhere = { ...bed, points: bed.points.map(([x, y]): [number, number] => [x, y - 0.6]) };
    const scene: Scene = (second) => {
      const mirrored = Math.round(second * fps) % 2 === 1;
      if (second < 30) return [mirrored ? inMirrored(standing()) : standing()];
      return mirrored ? [] : [{ ...lying(), confidence: 0.3 }];
    };
    const { told } = play({ scene, fps, seconds: 200, zones: [bedElsewhere], mirrors: true });
    expect(kinds(told)).toEqual(['suspected', 'detected']);
  },
);

test('a person who leaves is missed, although mirrored frames without a person count for nothing', () => {
  const leaves: Scene = (second) => (second < 30 ? [isMirrored(second) ? inMirrored(standing()) : standing()] : []);
  const { state } = play({ scene: leaves, seconds: 300, mirrors: true });
  expect(state.tracks).toEqual([]);
});

test('furniture that only mirrored frames show as a person raises no alarm', () => {
  const furniture: Scene = (second) => (isMirrored(second) ? [inMirrored(lying())] : []);
  expect(kinds(play({ scene: furniture, seconds: 300, mirrors: true }).told)).toEqual([]);
});
