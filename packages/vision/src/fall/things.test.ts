import { kinds, person, play, type Scene, standing } from './scene.fixture.ts';

const rates = [0.1, 0.2, 1, 5];
describe('a thing that looks weakly like a person all day', () => {
  const thing = (confidence: number) => person({ x1: 380, y1: 350, x2: 520, y2: 400 }, confidence);
  const walksOut: Scene = (s) => {
    if (s < 60) return [standing(), thing(0.3)];
    if (s < 70) return [standing(360), thing(0.3)];
    return [thing(s % 20 < 10 ? 0.45 : 0.3)];
  };
  test.each(rates)(
    'is not taken for the person who stood beside it and is out of sight, at %d frames per second',
    (fps) => {
      expect(kinds(play({ scene: walksOut, seconds: 150, fps }).told)).not.toContain('detected');
    },
  );

  test('raises no alarm when every second look takes it for a person who lies', () => {
    const flickers: Scene = (second) => [thing(second > 20 && second % 2 === 0 ? 0.8 : 0.3)];
    expect(kinds(play({ scene: flickers, seconds: 200 }).told)).not.toContain('detected');
  });
});
