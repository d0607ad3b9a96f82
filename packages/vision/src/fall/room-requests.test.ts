import { defaultFallPolicy as policy } from './fall-policy.ts';
import { emptyRoom, restoreRoom } from './room-state.ts';
import { summariseRoom } from './room-summary.ts';
import { createRoomVision } from './room-vision.ts';
import { bed, image, lying, news, person, play, type Scene, sitting, standing } from './scene.fixture.ts';

const count = (told: ReturnType<typeof play>['told'], kind: string) =>
  told.filter(({ effect }) => effect.kind === kind).length;

describe('what a room asks for', () => {
  test('a quiet hour with somebody in a chair adds less than a tenth of inferences by turned passes', () => {
    const nearlyLow = person({ x1: 250, y1: 300, x2: 345, y2: 410 }); // broad, but not flat
    const { told } = play({
      scene: (s) => [s < 10 ? standing() : s % 7 < 3 ? nearlyLow : sitting()],
      seconds: 3600,
      fps: 0.2,
    });
    expect(count(told, 'burst')).toBe(0);
    expect(2 * count(told, 'turned_pass')).toBeLessThan(0.1 * 720);
  });

  test('what stands in a room is learned in time, not in pictures: ten a second ask for no more turned ones than one does', () => {
    const asked = (fps: number) => count(play({ scene: () => [standing()], seconds: 1000, fps }).told, 'turned_pass');
    expect(asked(10)).toBeLessThanOrEqual(asked(1));
    expect(asked(10)).toBeGreaterThan(policy.attention.clutterSaved);
    expect(asked(0.2)).toBeLessThan(asked(1));
  });

  test('somebody who was just there and is gone is looked for in the turned picture', () => {
    const { told } = play({ scene: (s) => (s < 30 ? [standing()] : []), seconds: 33 });
    expect(told.find(({ at }) => at >= 30)).toMatchObject({
      at: 30,
      effect: { kind: 'turned_pass', reason: 'person_missing' },
    });
  });

  test('a chair that flickers as a person is not', () => {
    const chair = { ...standing(150), confidence: 0.3 };
    const { told } = play({ scene: (s) => (s % 3 === 0 ? [chair] : []), seconds: 120 });
    expect(told.filter(({ effect }) => effect.kind !== 'turned_pass' || effect.reason !== 'clutter')).toEqual([]);
  });

  test('somebody low and out of sight is looked for in a few turned pictures, not in all', () => {
    const { told } = play({ scene: (s) => (s < 30 ? [standing()] : s < 37 ? [lying()] : []), seconds: 300, fps: 0.5 });
    const passes = told.filter(({ effect }) => effect.kind === 'turned_pass' && effect.reason === 'low_missing');
    expect(passes.length).toBeGreaterThanOrEqual(policy.attention.fruitlessPasses);
    expect(passes.length).toBeLessThanOrEqual(policy.attention.fruitlessPasses + policy.attention.turnedSaved + 2);
  });

  test('somebody low whom turned pictures show is looked at turned again and again', () => {
    const turned = { ...lying(), turned: true as const };
    const { told } = play({ scene: (s) => (s < 30 ? [standing()] : s < 37 ? [lying()] : [turned]), seconds: 50 });
    expect(told.filter(({ effect }) => effect.kind === 'turned_pass' && effect.reason === 'low_unsure').length).toBe(
      13,
    );
  });

  test('no second burst while a fall is known, nor again and again for somebody who lies down slowly', () => {
    const exercises: Scene = (s) => [s % 40 < 20 ? sitting(300, 400) : lying()];
    const { told } = play({ scene: (s) => (s < 25 ? [sitting()] : exercises(s)), seconds: 200 });
    expect(count(told, 'burst')).toBeLessThanOrEqual(3);
    expect(count(play({ scene: (s) => [s < 30 ? standing() : lying()], seconds: 300 }).told, 'burst')).toBe(1);
  });
});

describe('what looks like a person in turned pictures', () => {
  const ghost = { ...lying(480, 420), confidence: 0.6, turned: true as const };

  test('while everybody is in view is furniture, and is never taken for somebody who is gone', () => {
    const scene: Scene = (s) => (s < 30 ? [standing(), ghost] : [ghost]);
    expect(news(play({ scene, seconds: 200 }).told)).toEqual(['person_not_visible@119']);
  });

  test('only after somebody is gone is that person', () => {
    const scene: Scene = (s) => (s < 30 ? [standing(400)] : [ghost]);
    expect(news(play({ scene, seconds: 100 }).told)).toEqual(['suspected@35', 'detected@50']);
  });

  test('comes and goes in most frames: it is not enough', () => {
    const scene: Scene = (s) => (s < 30 ? [standing(400)] : s % 4 === 0 ? [ghost] : []);
    expect(news(play({ scene, seconds: 100 }).told)).toEqual([]);
  });
});

describe('people who are out of sight', () => {
  test('who vanishes beside the bed has lain down', () => {
    const scene: Scene = (s) => (s < 30 ? [standing(300, 390)] : []);
    expect(news(play({ scene, seconds: 200, fps: 5, zones: [bed] }).told)).toEqual([]);
  });

  test('nobody is missed while the camera is blind, and the timer of somebody low goes on', () => {
    const vision = createRoomVision({ zones: [] });
    const before = play({ scene: (s) => [s < 20 ? standing() : lying()], seconds: 30 });
    const [blind] = vision.blind(before.state, 31_000);
    const [, early] = vision.tick(blind, 33_000);
    const [, late] = vision.tick(blind, 66_000);
    expect(early).toEqual([]);
    expect(late.map(({ kind }) => kind)).toEqual(['detected']);
    const [upright] = vision.blind(play({ scene: () => [standing()], seconds: 10, fps: 5 }).state, 11_000);
    expect(vision.tick(upright, 300_000)[1]).toEqual([]);
  });
});

describe('a helper', () => {
  const fallen: Scene = (s) => (s < 30 ? [standing()] : [lying()]);

  test('who kneels over the person, so that one box shows both, is no recovery', () => {
    const both = person({ x1: 200, y1: 230, x2: 400, y2: 402 });
    const scene: Scene = (s) => (s < 60 ? fallen(s) : [both]);
    expect(news(play({ scene, seconds: 120 }).told)).toEqual(['suspected@35', 'detected@50']);
  });

  test('who was seen to come after the fall delays the alarm; who was out of sight when it happened may be a chair', () => {
    const other = (away: boolean): Scene => {
      return (s) => [
        ...fallen(s),
        ...(s < 30 ? [standing(560)] : s < 40 ? (away ? [] : [standing(560)]) : [standing(430)]),
      ];
    };
    const detected = (away: boolean) => news(play({ scene: other(away), seconds: 100, fps: 0.1 }).told).at(-1);
    expect(detected(true)).toBe('detected@50');
    expect(detected(false)).toBe('suspected@40');
  });

  test('and a resident who is put to bed are the end of it', () => {
    const inBed = { ...lying(300, 392), confidence: 0.6 };
    const scene: Scene = (s) => (s < 30 ? [standing(300, 470)] : s < 70 ? [lying(300, 470)] : [inBed]);
    expect(news(play({ scene, seconds: 120, zones: [bed] }).told)).toEqual([
      'suspected@35',
      'detected@50',
      'recovered@73',
    ]);
  });
});

describe('what people do', () => {
  const alarmed = play({ scene: (s) => (s < 30 ? [standing()] : [lying()]), seconds: 60 });
  const vision = createRoomVision({ policy, zones: [] });

  test('acknowledging ends the reminders', () => {
    const [state] = vision.acknowledge(alarmed.state, 61_000);
    expect(news(play({ scene: () => [lying()], from: 62, seconds: 700, state }).told)).toEqual([]);
  });

  test('resolving makes the place quiet until the person is up; then the next fall is told', () => {
    const [state] = vision.resolve(alarmed.state, 61_000);
    expect(summariseRoom(state, policy)).toMatchObject({ state: 'none', quiet: true });
    const scene: Scene = (s) => (s < 200 ? [lying()] : s < 230 ? [standing()] : [lying()]);
    expect(news(play({ scene, from: 62, seconds: 240, state }).told)).toEqual(['suspected@235', 'detected@250']);
  });
});

describe('the state', () => {
  test('tells in one line where the room stands, in 0..1 of the image', () => {
    const { state } = play({ scene: (s) => (s < 30 ? [standing()] : [lying()]), seconds: 60 });
    expect(summariseRoom(state, policy)).toMatchObject({
      state: 'alarm',
      fallId: '1-30000',
      lowAtMs: 30_000,
      alarmAtMs: 50_000,
      abrupt: true,
      people: 1,
      place: {
        x1: expect.closeTo(205 / image.width),
        x2: expect.closeTo(395 / image.width),
        y2: expect.closeTo(400 / image.height),
      },
    });
  });

  test('of another version, or broken, is not taken over', () => {
    expect(restoreRoom(undefined)).toBeUndefined();
    expect(restoreRoom({ ...emptyRoom(policy), version: 2 })).toBeUndefined();
    expect(restoreRoom({ ...emptyRoom(policy), tracks: [{ id: 1 }] })).toBeUndefined();
    expect(restoreRoom(emptyRoom(policy))).toEqual({ ...emptyRoom(policy), resumed: true });
  });

  test('says who is who among the detections', () => {
    const [, , people] = createRoomVision({ zones: [] }).observe(emptyRoom(policy), {
      atMs: 0,
      detections: [{ ...lying(), className: 'dog' }, standing()],
      ...image,
    });
    expect(people).toEqual([{ index: 1, trackId: 1, posture: 'up' }]);
  });
});
