import { kinds, lying, play, type Scene, standing } from './scene.fixture.ts';

/** As found in a mirrored frame, which every second one is. */
const mirrored = { ...lying(), turned: true as const };
const isMirrored = (second: number): boolean => second % 2 === 1;

test('a person whom only mirrored frames show after the fall is found', () => {
  const fall: Scene = (second) => {
    if (second < 30) return [standing()];
    return isMirrored(second) ? [mirrored] : [];
  };
  expect(kinds(play({ scene: fall, seconds: 150 }).told)).toContain('detected');
});

test('furniture that only mirrored frames show as a person raises no alarm', () => {
  const furniture: Scene = (second) => (isMirrored(second) ? [mirrored] : []);
  expect(kinds(play({ scene: furniture, seconds: 300 }).told)).toEqual([]);
});
