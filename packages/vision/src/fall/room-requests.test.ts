import type { FallAnswer } from './fall-state.ts';
import { restoreRoom, saveRoom } from './room-memory.ts';
import { emptyRoom, type FallDecisionState } from './room-state.ts';
import { summariseRoom } from './room-summary.ts';
import { createRoomVision } from './room-vision.ts';
import { bed, image, kinds, lying, play, type Scene, standing, when } from './scene.fixture.ts';

const fallen: Scene = (s) => (s < 30 ? [standing()] : [lying()]);
const vision = createRoomVision({ zones: [] });
const answered = (state: FallDecisionState, answer: FallAnswer, atMs: number) =>
  vision.answer(state, { answer, concerns: () => true }, atMs);
/** The state as the next watcher of the room reads it. */
const travelled = (state: FallDecisionState): FallDecisionState =>
  restoreRoom(JSON.parse(JSON.stringify(saveRoom(state)))) ?? emptyRoom();

describe('what operators do', () => {
  const alarmed = play({ scene: fallen, seconds: 60 });

  test('acknowledging ends the reminders', () => {
    const [state] = answered(alarmed.state, 'acknowledged', 61_000);
    expect(kinds(play({ scene: () => [lying()], from: 62, seconds: 700, state }).told)).toEqual([]);
  });

  test('resolving makes the place quiet until the person is up; then the next fall is reported', () => {
    const [state] = answered(alarmed.state, 'resolved', 61_000);
    expect(summariseRoom(state)).toMatchObject({ state: 'none', quiet: true });
    const scene: Scene = (s) => (s < 400 ? [lying()] : s < 430 ? [standing()] : [lying()]);
    const { told } = play({ scene, from: 62, seconds: 450, state });
    expect(kinds(told)).toEqual(['suspected', 'detected']);
    expect(when(told, 'suspected')).toBeGreaterThan(430);
  });

  test.each([
    ['open', ['reminder', 'reminder']],
    ['acknowledged', []],
  ] as const)(
    'a verdict that is taken back while the person lies there leaves the alarm %s as it was',
    (answer, news) => {
      const [quiet] = answered(alarmed.state, 'resolved', 61_000);
      const resolved = play({ scene: () => [lying()], from: 62, seconds: 100, state: quiet });
      expect(kinds(resolved.told)).toEqual([]);
      const [reopened] = answered(travelled(resolved.state), answer, 163_000);
      expect(summariseRoom(reopened)).toMatchObject({ state: 'alarm', quiet: false });
      expect(summariseRoom(reopened).alarmAtMs).toBe(summariseRoom(alarmed.state).alarmAtMs);
      expect(kinds(play({ scene: () => [lying()], from: 164, seconds: 600, state: reopened }).told)).toEqual(news);
    },
  );

  test('a verdict can be taken back for ten minutes, also when the person is out of sight since then', () => {
    const [quiet] = answered(alarmed.state, 'resolved', 400_000);
    const [later] = vision.tick({ ...quiet, tracks: [] }, 995_000);
    expect(summariseRoom(answered(travelled(later), 'open', 996_000)[0])).toMatchObject({ state: 'alarm' });
    expect(vision.tick(later, 1_001_000)[0].falls).toEqual([]);
  });

  test('an answer about one fall leaves the fall of another person as it is', () => {
    const both: Scene = (s) => (s < 30 ? [standing(150), standing(500)] : [lying(150), lying(500)]);
    const { state, told } = play({ scene: both, seconds: 100 });
    const [first, second] = told.flatMap(({ effect }) => (effect.kind === 'detected' ? [effect.fallId] : []));
    const [after] = vision.answer(state, { answer: 'resolved', concerns: (id) => id === first }, 101_000);
    expect(second).toBeDefined();
    expect(after.falls.map(({ id, kind }) => [id, kind])).toEqual([
      [first, 'quiet'],
      [second, 'alarm'],
    ]);
  });
});

describe('while the camera shows nothing', () => {
  test('the time of a person on the floor goes on', () => {
    const before = play({ scene: (s) => [s < 20 ? standing() : lying()], seconds: 27 });
    const [blind] = vision.blind(before.state, 28_000);
    expect(vision.tick(blind, 32_000)[1]).toEqual([]);
    expect(vision.tick(blind, 45_000)[1].map(({ kind }) => kind)).toEqual(['detected']);
  });

  test('no person is missed, neither then nor afterwards', () => {
    const [upright] = vision.blind(play({ scene: () => [standing()], seconds: 10, fps: 5 }).state, 11_000);
    expect(vision.tick(upright, 300_000)[1]).toEqual([]);
    const [seen, effects] = vision.observe(upright, { atMs: 301_000, detections: [], ...image });
    expect([...effects, ...vision.tick(seen, 302_000)[1]]).toEqual([]);
  });
});

describe('a helper', () => {
  test('who kneels beside the person raises no second alarm', () => {
    const kneeling = { ...lying(400, 405), box: { x1: 350, y1: 310, x2: 430, y2: 405 }, confidence: 0.8 };
    const scene: Scene = (s) => (s < 70 ? fallen(s) : [lying(), kneeling]);
    expect(kinds(play({ scene, seconds: 400 }).told).filter((kind) => kind === 'detected')).toHaveLength(1);
  });

  test('and a resident who is put to bed are the end of the fall', () => {
    const scene: Scene = (s) => (s < 30 ? [standing(300, 470)] : s < 70 ? [lying(300, 470)] : [lying(300, 392)]);
    expect(kinds(play({ scene, seconds: 130, zones: [bed] }).told)).toEqual(['suspected', 'detected', 'recovered']);
  });
});

describe('the summary of a room', () => {
  test('contains where the person lies, in 0..1 of the frame', () => {
    const { state } = play({ scene: fallen, seconds: 60 });
    expect(summariseRoom(state)).toMatchObject({
      state: 'alarm',
      abrupt: true,
      people: 1,
      place: {
        x1: expect.closeTo(205 / image.width),
        x2: expect.closeTo(395 / image.width),
        y2: expect.closeTo(400 / image.height),
      },
    });
  });

  test('assigns each person to their detection, and none to other classes', () => {
    const frame = { atMs: 0, detections: [{ ...lying(), className: 'dog' }, standing()], ...image };
    const [, , people] = vision.observe(emptyRoom(), frame);
    expect(people).toEqual([{ index: 1, trackId: 1, posture: 'up' }]);
  });
});
