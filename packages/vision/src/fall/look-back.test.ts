import { lookBack } from './look-back.ts';
import type { FrameSeen } from './observe-room.ts';
import { restoreRoom, saveRoom } from './room-memory.ts';
import type { FallDecisionState } from './room-state.ts';
import { createRoomVision } from './room-vision.ts';
import { image, lying, play, type Scene, standing } from './scene.fixture.ts';

const vision = createRoomVision({ zones: [] });
const fallsAt = 42;
const fallen: Scene = (second) => (second < fallsAt ? [standing()] : [lying()]);
const frame = (second: number, scene: Scene = fallen): FrameSeen => ({
  atMs: second * 1000,
  detections: scene(second),
  ...image,
});
const between = (from: number, to: number, scene?: Scene): FrameSeen[] =>
  Array.from({ length: (to - from) * 4 - 1 }, (_, index) => frame(from + (index + 1) / 4, scene));

/** A room that was looked at every ten seconds until 40 s, before and after the look at 50 s. */
function suspicious(): { readonly before: FallDecisionState; readonly now: FallDecisionState } {
  const before = play({ scene: fallen, seconds: 40, fps: 0.1 }).state;
  const [now, effects] = vision.observe(before, frame(50));
  expect(effects).toContainEqual({ kind: 'look_back', reason: 'low' });
  return { before, now };
}

describe('looking back', () => {
  test('dates the fall to the moment that was between two frames, and states that it was seen', () => {
    const { before, now } = suspicious();
    const { state, news } = lookBack(vision, { before, frames: [...between(40, 50), frame(50)] }, now);
    const [fall] = state.falls;
    expect(Math.abs((fall?.lowAtMs ?? 0) / 1000 - fallsAt)).toBeLessThan(1);
    expect(fall).toMatchObject({ observed: true, lookedBack: true, abrupt: true });
    expect(news).toEqual([
      expect.objectContaining({
        kind: 'suspected',
        evidence: expect.objectContaining({ look_back: true, observed: true }),
      }),
    ]);
    expect(restoreRoom(JSON.parse(JSON.stringify(saveRoom(state))))?.falls[0]).toMatchObject({ lookedBack: true });
  });

  test('raises the alarm fifteen seconds after the fall, not after the frame that showed it', () => {
    const { before, now } = suspicious();
    const { state } = lookBack(vision, { before, frames: [...between(40, 50), frame(50)] }, now);
    const told = play({ scene: () => [lying()], from: 51, seconds: 20, fps: 1, state }).told;
    const alarm = told.find(({ effect }) => effect.kind === 'detected');
    expect(alarm?.at).toBeLessThanOrEqual(fallsAt + 17);
    expect(alarm?.effect).toMatchObject({ evidence: { look_back: true, observed: true } });
  });

  test('reports a suspicion once, under the name that it was reported by', () => {
    const { before, now } = suspicious();
    const { state: later, told } = play({ scene: fallen, from: 51, seconds: 2, state: now });
    const [suspicion] = told.flatMap(({ effect }) => (effect.kind === 'suspected' ? [effect.fallId] : []));
    expect(suspicion).toBeDefined();
    const { state, news } = lookBack(
      vision,
      { before, frames: [...between(40, 50), ...[50, 51, 52, 53].map((second) => frame(second))] },
      later,
    );
    expect(news).toEqual([]);
    expect(state.falls.map(({ id }) => id)).toEqual([suspicion]);
    expect(Math.abs((state.falls[0]?.lowAtMs ?? 0) / 1000 - fallsAt)).toBeLessThan(1);
  });

  test.each([
    ['candidate', 'the suspicion keeps its name'],
    ['alarm', 'the alarm keeps its name'],
  ] as const)(
    'does not end a suspicion where another processor has a fall at its place: %s, %s',
    (kind, _consequence) => {
      const { now } = suspicious();
      const before = { ...now, falls: now.falls.map((fall) => ({ ...fall, id: 'of-the-other', kind })) };
      const { state: later, told } = play({ scene: fallen, from: 51, seconds: 2, state: now });
      const [suspicion] = told.flatMap(({ effect }) => (effect.kind === 'suspected' ? [effect.fallId] : []));
      const { state, news } = lookBack(vision, { before, frames: [51, 52, 53].map((second) => frame(second)) }, later);
      expect(news.map((effect) => effect.kind)).not.toContain('recovered');
      expect(state.falls.map(({ id }) => id)).toEqual([kind === 'alarm' ? 'of-the-other' : suspicion]);
    },
  );

  test('takes a suspicion back that the past contradicts', () => {
    const { before, now } = suspicious();
    const { state: later } = play({ scene: fallen, from: 51, seconds: 2, state: now });
    const up: Scene = () => [standing()];
    const past = [...between(40, 50, up), ...[50, 51, 52, 53].map((second) => frame(second, up))];
    const { state, news } = lookBack(vision, { before, frames: past }, later);
    expect(state.falls).toEqual([]);
    expect(news.map(({ kind }) => kind)).toEqual(['recovered']);
  });

  test('asks for the burst that no frame asked for, and not for a second one', () => {
    const { before, now } = suspicious();
    const frames = [...between(40, 50), frame(50)];
    const kinds = (present: FallDecisionState): string[] =>
      lookBack(vision, { before, frames }, present).news.map(({ kind }) => kind);
    expect(kinds(before)).toContain('burst');
    expect(kinds(now)).not.toContain('burst');
  });
});

describe('a look-back is asked for', () => {
  const kindsAt = (scene: Scene, second: number, fps: number): string[] => {
    const { state } = play({ scene, seconds: second - 1 / fps, fps });
    return vision.observe(state, frame(second, scene))[1].map(({ kind }) => kind);
  };

  test('where a person who stood there vanishes and no other comes', () => {
    expect(kindsAt((second) => (second < 45 ? [standing()] : []), 50, 0.1)).toContain('look_back');
    expect(kindsAt((second) => (second < 45 ? [standing(150)] : [standing(500)]), 50, 0.1)).not.toContain('look_back');
    expect(kindsAt(() => [standing()], 50, 0.1)).not.toContain('look_back');
  });

  test('not where the frames are so close together that none is between them', () => {
    const kinds = (fps: number): string[] =>
      play({ scene: fallen, seconds: fallsAt + 5, fps }).told.map(({ effect }) => effect.kind);
    expect(kinds(1)).toContain('look_back');
    expect(kinds(4)).not.toContain('look_back');
  });
});
