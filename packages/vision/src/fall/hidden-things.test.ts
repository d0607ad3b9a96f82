import { defaultFallPolicy } from './fall-policy.ts';
import { kinds, lying, person, play, type Scene, sitting, standing } from './scene.fixture.ts';

/** A thing that looks like a person who lies, as clearly as a person does. */
const thing = lying();

/** The thing is seen, a person stands before it, and leaves between two frames. */
const hides: Scene = (second) => (second >= 25 && second < 85 ? [standing()] : [thing]);

describe('a thing that looks like a person on the floor', () => {
  test.each([0.1, 0.2])('is not taken for the person who hid it and has left, at %d frames per second', (fps) => {
    expect(kinds(play({ scene: hides, seconds: 400, fps }).told)).not.toContain('detected');
  });

  test('is known to the next watcher of the room', () => {
    const first = play({ scene: hides, seconds: 60, fps: 0.1 });
    const next = play({ scene: hides, seconds: 340, fps: 0.1, from: 70, state: first.state });
    expect(kinds(next.told)).not.toContain('detected');
  });

  test('does not hide a person who falls beside it', () => {
    const fallsBeside: Scene = (second) => (second < 85 ? hides(second) : [thing, lying(500)]);
    expect(kinds(play({ scene: fallsBeside, seconds: 200, fps: 0.1 }).told)).toContain('detected');
  });

  test.each([0.5, 1, 2, 4])(
    'is a place to rest for a person who sits there before they lie down, at %d frames per second',
    (fps) => {
      const sitsFirst: Scene = (second) => (second >= 70 && second < 85 ? [sitting()] : hides(second));
      expect(kinds(play({ scene: sitsFirst, seconds: 250, fps }).told)).not.toContain('detected');
    },
  );

  test('is not the person who walked past it and left, however close the frames are', () => {
    const leaves: Scene = (second) => {
      if (second < 85) return hides(second);
      return second < 86 ? [standing(300 + (second - 84.75) * 400)] : [thing];
    };
    expect(kinds(play({ scene: leaves, seconds: 250, fps: 4 }).told)).not.toContain('detected');
  });

  test('is not a new person where a person who stood before it walks on', () => {
    const walksOn: Scene = (second) => {
      if (second < 85) return hides(second);
      const walker = standing(Math.min(540, 300 + (second - 84.75) * 240));
      return second < 85.5 ? [walker] : [thing, walker];
    };
    expect(kinds(play({ scene: walksOn, seconds: 300, fps: 4 }).told)).not.toContain('detected');
  });

  test('is not where a person has fallen: one who gets up and falls there again is reported again', () => {
    const lies = lying();
    const twice: Scene = (second) => ((second >= 20 && second < 100) || second >= 160 ? [lies] : [standing()]);
    const falls = kinds(play({ scene: twice, seconds: 260, fps: 0.2 }).told).filter((kind) => kind === 'detected');
    expect(falls).toHaveLength(2);
  });

  const falling = person({ x1: 330, y1: 300, x2: 430, y2: 380 });
  const fallsOnIt: Scene = (second) => (second >= 84.5 && second < 85 ? [falling] : hides(second));

  test('does not hide a person who is seen to fall on it', () => {
    expect(kinds(play({ scene: fallsOnIt, seconds: 200, fps: 5 }).told)).toContain('detected');
  });

  test('is still known after an alarm in its place, so that it raises none when the person has left again', () => {
    const alarmed = play({ scene: fallsOnIt, seconds: 120, fps: 5 });
    expect(kinds(alarmed.told)).toContain('detected');
    const leaves: Scene = (second) => (second < 200 ? [standing()] : [thing]);
    const later = play({ scene: leaves, seconds: 400, fps: 0.1, from: 130, state: alarmed.state });
    expect(kinds(later.told)).not.toContain('detected');
  });

  test('does not make the time on the floor longer of a person who was seen upright in its place meanwhile', () => {
    const uprightAt = 120;
    const comes: Scene = (second) => {
      if (second < uprightAt - 5) return hides(second);
      return second < uprightAt + 5 ? [person(standing().box, 0.3)] : [lying(340, 425)];
    };
    const { told } = play({ scene: comes, seconds: 200, fps: 0.1 });
    const alarm = told.find(({ effect }) => effect.kind === 'detected');
    expect(alarm?.at).toBeGreaterThanOrEqual(uprightAt + defaultFallPolicy.seenSeconds);
  });
});
