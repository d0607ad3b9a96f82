import fc from 'fast-check';
import type { Detection } from '../detection/detection.ts';
import type { Zone } from '../zones/zone.ts';
import { createRoomVision } from './room-vision.ts';
import { image, kinds, lying, person, play, type Scene, standing, when } from './scene.fixture.ts';

/** Where `lying()` lies. */
const taught: Zone = {
  kind: 'thing',
  points: [
    [205 / 640, 340 / 480],
    [395 / 640, 340 / 480],
    [395 / 640, 400 / 480],
    [205 / 640, 400 / 480],
  ],
};
const rates = [0.1, 0.2, 1, 5];

describe('a thing that people taught the room', () => {
  test.each(rates)('raises no alarm however clearly it looks like a person, at %d frames per second', (fps) => {
    const coat: Scene = () => [lying()];
    expect(kinds(play({ scene: coat, seconds: 600, fps }).told)).toContain('detected');
    expect(kinds(play({ scene: coat, seconds: 600, fps, zones: [taught] }).told)).toEqual([]);
  });

  test.each(rates)('never hides a person who walks there and falls, at %d frames per second', (fps) => {
    const falls: Scene = (s) => [s < 20 ? standing(100 + s * 10) : s < 30 ? standing(300) : lying()];
    const before = play({ scene: falls, seconds: 180, fps });
    const after = play({ scene: falls, seconds: 180, fps, zones: [taught] });
    expect(when(before.told, 'detected')).toBeDefined();
    expect(when(after.told, 'detected')).toBe(when(before.told, 'detected'));
  });

  test('never changes what is decided about a person who walked, wherever they fall', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 150, max: 490 }),
        fc.integer({ min: 15, max: 40 }),
        fc.constantFrom(...rates.slice(1)),
        (x, fellAt, fps) => {
          const scene: Scene = (s) => [s < fellAt ? standing(x - 150 + (150 * s) / fellAt) : lying(x)];
          const [zones, withThing] = [[], [taught]];
          const before = play({ scene, seconds: 120, fps, zones });
          const after = play({ scene, seconds: 120, fps, zones: withThing });
          expect(when(after.told, 'detected')).toBe(when(before.told, 'detected'));
        },
      ),
      { numRuns: 30 },
    );
  });

  /** A coat that looks clearly like a person for a while, then a person who walks there, falls, and is seen weakly. */
  const weakFall =
    (coatUntil: number): Scene =>
    (s) => {
      if (s < coatUntil) return [lying()];
      if (s < 130) return [];
      if (s < 160) return [standing(100 + Math.min(200, (s - 130) * 10))];
      return [person({ x1: 205, y1: 340, x2: 395, y2: 400 }, 0.2)];
    };

  test.each(rates.slice(1))(
    'never weakens weak sights of a person who falls where it was, at %d frames per second',
    (fps) => {
      const zones = [taught];
      const never = play({ scene: weakFall(0), seconds: 400, fps, zones });
      const clearly = play({ scene: weakFall(120), seconds: 400, fps, zones });
      expect(when(never.told, 'detected')).toBeDefined();
      expect(when(clearly.told, 'detected')).toBe(when(never.told, 'detected'));
    },
  );

  test('is forgotten at once when its zone is removed', () => {
    const coat: Scene = () => [lying()];
    const untaught = play({ scene: coat, seconds: 300 });
    const { state } = play({ scene: coat, seconds: 300, zones: [taught] });
    const later = play({ scene: coat, from: 301, seconds: 300, state });
    expect(when(later.told, 'detected')).toBeLessThanOrEqual(301 + (when(untaught.told, 'detected') ?? 0));
  });

  test('lets a person who lay there first be found once they move away and lie down again', () => {
    const crawls: Scene = (s) => [s < 30 ? lying(300) : lying(300 + Math.min(200, (s - 30) * 20))];
    expect(kinds(play({ scene: crawls, seconds: 180, zones: [taught] }).told)).toContain('detected');
  });

  test('does not end the alarm of a person who was found before the thing was taught', () => {
    const falls: Scene = (s) => [s < 20 ? standing(100 + s * 10) : lying()];
    const { state } = play({ scene: falls, seconds: 60 });
    const later = play({ scene: () => [lying()], from: 61, seconds: 60, zones: [taught], state });
    expect(kinds(later.told)).toEqual([]);
    expect(later.state.falls).toMatchObject([{ kind: 'alarm' }]);
  });

  const coat = (confidence: number) => person({ x1: 205, y1: 340, x2: 395, y2: 400 }, confidence);
  /** Four visits per day: in, to the coat, out again. */
  const visitor = (s: number): Detection[] => {
    const visit = s % 21_600;
    if (visit < 60) return [standing(20 + visit * 4)];
    return visit < 110 ? [standing(260 - (visit - 60) * 5)] : [];
  };

  test.each([
    ['in the sun and with visitors', (s: number) => [...visitor(s), ...(s % 10_800 > 9000 ? [coat(0.75)] : [])], 0.25],
    ['now and then all day', (s: number) => [...visitor(s), coat(0.3 + 0.5 * Math.abs(Math.sin(s / 97)))], 1],
  ])('a simulated week of a coat that looks like a person %s gives fewer alarms', (_, scene, share) => {
    const before = alarmsOfWeek(scene, []);
    const after = alarmsOfWeek(scene, [taught]);
    expect(before).toBeGreaterThan(0);
    expect(after).toBeLessThanOrEqual(before * share);
  });
});

/** Alarms of a week at 0.1 frames per second, where staff give a verdict on each of them at once. */
function alarmsOfWeek(scene: Scene, zones: readonly Zone[]): number {
  const vision = createRoomVision({ zones });
  let state = vision.empty();
  let alarms = 0;
  for (let second = 0; second < 7 * 86_400; second += 10) {
    const atMs = second * 1000;
    const [next, effects] = vision.observe(state, { atMs, detections: scene(second), ...image });
    state = next;
    if (effects.some(({ kind }) => kind === 'detected')) {
      alarms += 1;
      [state] = vision.answer(state, { answer: 'resolved', concerns: () => true }, atMs);
    }
  }
  return alarms;
}
