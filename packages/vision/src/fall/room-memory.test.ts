import fc from 'fast-check';
import { restoreRoom, saveRoom } from './room-memory.ts';
import type { FallDecisionState } from './room-state.ts';
import { summariseRoom } from './room-summary.ts';
import { createRoomVision } from './room-vision.ts';
import { image, kinds, lying, play, type Scene, standing, when } from './scene.fixture.ts';

const fallsAt30: Scene = (s) => (s < 30 ? [standing()] : [lying()]);
const travelled = (state: FallDecisionState): unknown => JSON.parse(JSON.stringify(saveRoom(state)));

describe('the memory that travels with a room', () => {
  test.each([0.1, 1, 5])(
    'lets the next watcher go on in mid-fall at %d frames per second: one alarm, at the same time',
    (fps) => {
      const whole = play({ scene: fallsAt30, seconds: 90, fps });
      const first = play({ scene: fallsAt30, seconds: 40, fps });
      const state = restoreRoom(travelled(first.state));
      const second = play({ scene: fallsAt30, from: 40 + 1 / fps, seconds: 60, fps, state });
      expect([...kinds(first.told), ...kinds(second.told)]).toEqual(['suspected', 'detected']);
      expect(Math.abs((when(second.told, 'detected') ?? 0) - (when(whole.told, 'detected') ?? 0))).toBeLessThanOrEqual(
        1,
      );
    },
  );

  test('stays below 8 kB in the busiest room, and keeps the person on the floor', () => {
    const crowd = Array.from({ length: 14 }, (_, index) =>
      standing(60 + (index % 7) * 85, 250 + Math.floor(index / 7) * 200),
    );
    const scene: Scene = (s) => [
      ...(s < 30 ? [standing(320, 380)] : [lying(320, 380)]),
      ...crowd,
      { ...lying(500, 330), confidence: 0.2 },
    ];
    const { state } = play({ scene, seconds: 120, fps: 5 });
    expect(summariseRoom(state).state).toBe('alarm');
    const memory = travelled(state);
    expect(JSON.stringify(memory).length).toBeLessThan(8_000);
    const restored = restoreRoom(memory);
    expect(restored && summariseRoom(restored)).toMatchObject({ state: 'alarm', fallId: summariseRoom(state).fallId });
  });

  test('of another version, broken or absurd is not taken over, and never throws', () => {
    const { state } = play({ scene: fallsAt30, seconds: 60 });
    const good = travelled(state) as Record<string, unknown>;
    expect(restoreRoom(good)).toBeDefined();
    for (const bad of [
      undefined,
      null,
      'x',
      7,
      [],
      {},
      { ...good, version: 1 },
      { ...good, atMs: 1e300 },
      { ...good, tracks: [{}] },
    ]) {
      expect(restoreRoom(bad)).toBeUndefined();
    }
  });

  test('with any one value replaced by nonsense either starts anew or goes on, and never throws', () => {
    const { state } = play({ scene: fallsAt30, seconds: 60 });
    const text = JSON.stringify(saveRoom(state));
    const numbers = [...text.matchAll(/(?<=[:,[])-?\d+(\.\d+)?(e-?\d+)?/g)];
    const nonsense = fc.constantFrom('1e300', '-1e300', 'null', '"x"', '1e15', '-1', '{}');
    const vision = createRoomVision({ zones: [] });
    fc.assert(
      fc.property(fc.nat(numbers.length - 1), nonsense, (index, value) => {
        const at = numbers[index]?.index ?? 0;
        const broken = text.slice(0, at) + value + text.slice(at + (numbers[index]?.[0].length ?? 0));
        const restored = restoreRoom(JSON.parse(broken)) ?? vision.empty();
        const [next] = vision.observe(restored, { atMs: 61_000, detections: [lying()], ...image });
        const [later] = vision.tick(next, 62_000);
        for (const { belief } of later.tracks) {
          for (const share of Object.values(belief)) {
            expect(share).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  test('from the far future starts anew: otherwise no time would ever pass again', () => {
    const { state } = play({ scene: fallsAt30, seconds: 60 });
    const future = { ...state, atMs: 9e12 };
    const [next] = createRoomVision({ zones: [] }).observe(future, {
      atMs: 61_000,
      detections: [standing()],
      ...image,
    });
    expect(next.atMs).toBe(61_000);
    expect(next.tracks).toHaveLength(1);
  });
});
