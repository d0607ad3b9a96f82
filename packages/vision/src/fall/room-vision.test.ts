import type { Zone } from '../zones/zone.ts';
import { bed, kinds, lying, play, type Scene, sitting, sittingOnFloor, standing, when } from './scene.fixture.ts';

const fallsAt30: Scene = (s) => (s < 30 ? [standing()] : [lying()]);
const rates = [0.1, 0.2, 1, 5];

describe('a fall in the middle of the room', () => {
  test.each(rates)('raises one alarm 10 to 30 s after it at %d frames per second', (fps) => {
    const { told } = play({ scene: fallsAt30, seconds: 120, fps });
    expect(kinds(told)).toEqual(['suspected', 'detected']);
    const at = when(told, 'detected') ?? 0;
    expect(at).toBeGreaterThanOrEqual(fps < 1 ? 45 : 40);
    expect(at).toBeLessThanOrEqual(60);
  });

  test('raises the alarm at nearly the same time at 1 and at 5 frames per second: one equation for all rates', () => {
    const [one = 0, five = 0] = [1, 5].map((fps) =>
      when(play({ scene: fallsAt30, seconds: 90, fps }).told, 'detected'),
    );
    expect(Math.abs(one - five)).toBeLessThanOrEqual(3);
  });

  test('reports since when, how surely and by which rule', () => {
    const { told } = play({ scene: fallsAt30, seconds: 90 });
    const alarm = told.find(({ effect }) => effect.kind === 'detected')?.effect;
    expect(alarm).toMatchObject({
      severity: 'critical',
      box: lying().box,
      evidence: { abrupt: true, rule: 'seen_fall', observations_missed: 0 },
    });
    const lowAtMs = alarm && 'lowAtMs' in alarm ? alarm.lowAtMs : 0;
    expect(lowAtMs).toBeGreaterThanOrEqual(30_000);
    expect(lowAtMs).toBeLessThanOrEqual(33_000);
  });

  test('asks for a burst when it begins, and for one only', () => {
    const { told } = play({ scene: fallsAt30, seconds: 300, fps: 0.1 });
    const [burst, ...more] = told.filter(({ effect }) => effect.kind === 'burst');
    expect(burst?.at).toBeLessThanOrEqual(40);
    expect(burst?.effect).toMatchObject({ fps: 2, seconds: 15 });
    expect(more).toEqual([]);
  });

  test('is reported when the detector loses the person soon after, and not at a side of the frame', () => {
    const lostAt45 =
      (x: number): Scene =>
      (s) =>
        s >= 45 ? [] : [s < 30 ? standing(x) : lying(x - 25 * (Math.floor(s / 3) % 2))];
    expect(kinds(play({ scene: lostAt45(300), seconds: 120 }).told)).toContain('detected');
    expect(kinds(play({ scene: lostAt45(95), seconds: 120 }).told)).not.toContain('detected');
  });

  test('whose victim gets up at once raises no alarm', () => {
    const scene: Scene = (s) => [s >= 30 && s < 40 ? lying() : standing()];
    expect(kinds(play({ scene, seconds: 120 }).told)).not.toContain('detected');
  });

  test('is reminded of every five minutes until the person is up again', () => {
    const scene: Scene = (s) => (s > 720 ? [standing()] : fallsAt30(s));
    const { told } = play({ scene, seconds: 760 });
    expect(kinds(told)).toEqual(['suspected', 'detected', 'reminder', 'reminder', 'recovered']);
    expect(when(told, 'recovered')).toBeLessThanOrEqual(740);
  });

  test('is a warning after twice the time where zones were never configured', () => {
    const { told } = play({ scene: fallsAt30, seconds: 120, zones: undefined });
    expect(told.find(({ effect }) => effect.kind === 'detected')?.effect).toMatchObject({ severity: 'warning' });
    expect(when(told, 'detected')).toBeGreaterThanOrEqual(50);
  });

  test('that was seen raises the alarm 10 s after it where the person lies still, and 15 s after it where they move', () => {
    const moving: Scene = (s) => (s < 30 ? [standing()] : [lying(300 + 25 * (Math.floor(s / 3) % 2))]);
    const alarmAt = (scene: Scene): number => when(play({ scene, seconds: 120 }).told, 'detected') ?? 0;
    expect(alarmAt(fallsAt30)).toBeLessThan(44);
    expect(alarmAt(moving)).toBeGreaterThanOrEqual(45);
  });

  test('whose victim turns over and then gets up alone raises no alarm, though the person lay still at first', () => {
    const turns: Scene = (s) => [s < 30 || s >= 44 ? standing() : lying(s < 39 ? 300 : 330)];
    expect(kinds(play({ scene: turns, seconds: 120 }).told)).not.toContain('detected');
  });

  test('waits while a helper who came stands by, at most three minutes', () => {
    const helper = (s: number) => standing(Math.max(420, 600 - (s - 36) * 30), 410);
    const scene: Scene = (s) => (s >= 36 ? [lying(), helper(s)] : fallsAt30(s));
    const at = when(play({ scene, seconds: 260 }).told, 'detected') ?? 0;
    expect(at).toBeGreaterThanOrEqual(205);
    expect(at).toBeLessThanOrEqual(225);
  });

  test('does not wait for a person who was there all the time', () => {
    const scene: Scene = (s) => [...fallsAt30(s), standing(450, 410)];
    expect(when(play({ scene, seconds: 120 }).told, 'detected')).toBeLessThanOrEqual(60);
  });
});

describe('a person found on the floor', () => {
  test.each(rates)(
    'in the first frames raises the alarm after a minute at %d frames per second: the fall itself was not seen',
    (fps) => {
      const { told } = play({ scene: () => [lying()], seconds: 150, fps });
      const at = when(told, 'detected') ?? 0;
      expect(at).toBeGreaterThanOrEqual(60);
      expect(at).toBeLessThanOrEqual(100);
      expect(told.find(({ effect }) => effect.kind === 'detected')?.effect).toMatchObject({
        evidence: { rule: 'found_lying', abrupt: false },
      });
    },
  );
});

describe('no fall', () => {
  test.each<[string, Scene]>([
    ['standing, walking', (s) => [standing(100 + ((s * 20) % 400))]],
    ['sitting on a chair', (s) => [s < 20 ? standing() : sitting()]],
    ['an empty room', () => []],
    ['a box that flickers once', (s) => (s === 50 ? [lying()] : [])],
  ])('%s', (_, scene) => {
    expect(kinds(play({ scene, seconds: 300 }).told).filter((kind) => kind === 'detected')).toEqual([]);
  });

  test.each(rates)('sitting on the floor for a minute at %d frames per second', (fps) => {
    const scene: Scene = (s) => [s < 40 || s > 100 ? standing() : sittingOnFloor()];
    expect(kinds(play({ scene, seconds: 200, fps }).told)).not.toContain('detected');
  });

  test.each(rates)('lying down in bed, getting up in between at %d frames per second', (fps) => {
    const scene: Scene = (s) => [s % 100 < 20 ? standing(300, 470) : lying()];
    expect(kinds(play({ scene, seconds: 600, fps, zones: [bed] }).told)).not.toContain('detected');
  });

  test('in a masked part of the frame', () => {
    const mask: Zone = {
      kind: 'ignore',
      points: [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    };
    expect(kinds(play({ scene: fallsAt30, seconds: 120, zones: [mask] }).told)).toEqual([]);
  });
});

describe('a person who was up and is out of sight', () => {
  const exit: Zone = {
    kind: 'exit',
    points: [
      [0.9, 0.3],
      [1, 0.3],
      [1, 0.9],
      [0.9, 0.9],
    ],
  };
  const missed = (scene: Scene, fps: number, zones: readonly Zone[] = []) =>
    play({ scene, seconds: 300, fps, zones }).told.filter(({ effect }) => effect.kind === 'person_not_visible');

  test.each(rates)('in the middle of the room is reported at %d frames per second, once', (fps) => {
    const [first, ...more] = missed((s) => (s < 60 ? [standing()] : []), fps);
    expect(more).toEqual([]);
    expect(first?.at).toBeGreaterThanOrEqual(140);
    expect(first?.at).toBeLessThanOrEqual(160);
  });

  test.each(rates)('is not missed after walking out at %d frames per second', (fps) => {
    const leaves = (s: number) => 300 + Math.max(0, s - 50) * 30;
    expect(missed((s) => (leaves(s) > 640 ? [] : [standing(leaves(s))]), fps)).toEqual([]);
    expect(missed((s) => (s < 60 ? [standing(560)] : []), fps, [exit])).toEqual([]);
  });

  test('is not missed beside a bed', () => {
    expect(missed((s) => (s < 30 ? [standing(300, 390)] : []), 5, [bed])).toEqual([]);
  });
});
