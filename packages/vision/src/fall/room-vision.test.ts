import type { Detection } from '../model/detection.ts';
import type { Zone } from '../zones/zone.ts';
import { restoreRoom } from './room-state.ts';
import { bed, lying, news, play, type Scene, sitting, sittingOnFloor, standing } from './scene.fixture.ts';

const fallsAt30: Scene = (s) => (s < 30 ? [standing()] : [lying()]);

describe('a fall in the middle of the room', () => {
  test('is suspected after five seconds and told after twenty', () => {
    expect(news(play({ scene: fallsAt30, seconds: 60 }).told)).toEqual(['suspected@35', 'detected@50']);
  });

  test('asks for a burst at the first sight of it', () => {
    const first = play({ scene: fallsAt30, seconds: 60 }).told.find(({ effect }) => effect.kind === 'burst');
    expect(first).toMatchObject({ at: 30, effect: { kind: 'burst', fps: 2, seconds: 15, turned: false } });
  });

  test('says since when, how surely and by which rule', () => {
    const { told } = play({ scene: fallsAt30, seconds: 60 });
    expect(told.find(({ effect }) => effect.kind === 'detected')?.effect).toMatchObject({
      lowAtMs: 30_000,
      severity: 'critical',
      box: lying().box,
      evidence: { abrupt: true, rule: 'abrupt', seconds_low: 20, observations_low: 21, observations_missed: 0 },
    });
  });

  test.each([0.1, 0.2, 0.5, 5])('is found at %d frames a second without a burst', (fps) => {
    const [, detected = ''] = news(play({ scene: fallsAt30, seconds: 90, fps }).told);
    expect(detected).toMatch(/^detected@5\d$/);
  });

  test('goes on when another watcher takes the room over: neither a second alarm nor none', () => {
    const first = play({ scene: fallsAt30, seconds: 40 });
    const saved = restoreRoom(JSON.parse(JSON.stringify(first.state)));
    const second = play({ scene: fallsAt30, from: 43, seconds: 60, ...(saved && { state: saved }) });
    expect([...news(first.told), ...news(second.told)]).toEqual(['suspected@35', 'detected@50']);
  });

  test('is reminded of every five minutes until somebody is up again', () => {
    const scene: Scene = (s) => (s > 720 ? [standing()] : fallsAt30(s));
    expect(news(play({ scene, seconds: 730 }).told)).toEqual([
      'suspected@35',
      'detected@50',
      'reminder@350',
      'reminder@650',
      'recovered@724',
    ]);
  });

  test('whose victim gets up at once is suspected and recovered', () => {
    const scene: Scene = (s) => (s > 43 ? [standing()] : fallsAt30(s));
    expect(news(play({ scene, seconds: 120 }).told)).toEqual(['suspected@35', 'recovered@47']);
  });

  test('of somebody who came in between two looks is told as soon as of one who was seen standing', () => {
    const scene: Scene = (s) => (s < 30 ? [] : [lying()]);
    expect(news(play({ scene, seconds: 120, fps: 0.1 }).told).at(-1)).toBe('detected@50');
  });

  test('of somebody who came in unseen while the room was looked at often waits as long as any that nobody saw happen', () => {
    const scene: Scene = (s) => (s < 30 ? [] : [lying()]);
    expect(news(play({ scene, seconds: 100 }).told)).toEqual(['suspected@35', 'detected@90']);
  });

  test('is told as a warning and twice as late where nobody configured zones', () => {
    const { told } = play({ scene: fallsAt30, seconds: 90, zones: undefined });
    expect(news(told)).toEqual(['suspected@35', 'detected@70']);
    expect(told.find(({ effect }) => effect.kind === 'detected')?.effect).toMatchObject({ severity: 'warning' });
  });

  test('is told 45 s after the fall when the detector loses sight of the person', () => {
    const scene: Scene = (s) => (s >= 37 ? [] : fallsAt30(s));
    expect(news(play({ scene, seconds: 100 }).told)).toEqual(['suspected@35', 'detected@75']);
  });

  test('waits while somebody helps, at most three minutes', () => {
    const scene: Scene = (s) => (s >= 40 ? [lying(), standing(Math.max(420, 600 - (s - 40) * 30), 410)] : fallsAt30(s));
    expect(news(play({ scene, seconds: 240 }).told)).toEqual(['suspected@35', 'detected@210']);
  });
});

describe('no fall', () => {
  test.each<[string, Scene]>([
    ['standing, walking', (s) => [standing(100 + ((s * 20) % 400))]],
    ['sitting on a chair', (s) => [s < 20 ? standing() : sitting()]],
    ['an empty room', () => []],
    ['a box that flickers once', (s) => (s === 50 ? [lying()] : [])],
  ])('%s', (_, scene) => {
    expect(news(play({ scene, seconds: 300 }).told).filter((one) => /detected|not_visible/.test(one))).toEqual([]);
  });

  describe.each([0.1, 0.2, 0.5, 1, 5])('sitting on the floor for a minute at %d frames a second', (fps) => {
    test.each([0, 0.25, 0.5, 0.75])('from phase %d: at most suspected', (phase) => {
      const jitter = (s: number, k: number) => Math.round(4 * Math.sin(s * 12.9898 + k * 78.233));
      const shaken = (s: number): Detection => {
        const { box, ...rest } = sittingOnFloor();
        const [x, y] = [jitter(s, 1), jitter(s, 2)];
        return {
          ...rest,
          box: { x1: box.x1 + x, x2: box.x2 + jitter(s, 3), y1: box.y1 + y, y2: box.y2 + jitter(s, 4) },
        };
      };
      const scene: Scene = (s) => [s < 40 || s > 100 ? standing() : shaken(s)];
      const { told, state } = play({ scene, seconds: 200, fps, from: phase / fps });
      expect(news(told).filter((one) => !/suspected|recovered/.test(one))).toEqual([]);
      expect(told.filter(({ effect }) => effect.kind === 'suspected')).toHaveLength(1);
      expect(state.tracks.map(({ fall }) => fall.kind)).toEqual(['none']);
    });
  });

  test('lying down in bed, getting up in between', () => {
    const scene: Scene = (s) => [s % 100 < 20 ? standing(300, 470) : lying()];
    expect(news(play({ scene, seconds: 600, zones: [bed] }).told)).toEqual([]);
  });
});

describe('somebody who was up and is out of sight', () => {
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
    news(play({ scene, seconds: 300, fps, zones }).told);

  test.each([0.1, 0.2, 1, 5])('in the middle of the room is missed at %d frames a second, once', (fps) => {
    const scene: Scene = (s) => (s < 60 ? [standing()] : []);
    const [first = '', ...more] = missed(scene, fps);
    expect(more).toEqual([]);
    const at = Number(first.replace('person_not_visible@', ''));
    expect(at).toBeGreaterThanOrEqual(140);
    expect(at).toBeLessThanOrEqual(150);
    // a side of the picture is not a way out where the door was drawn
    expect(missed((s) => (s < 60 ? [standing(130)] : []), fps, [exit])).toHaveLength(1);
  });

  test.each([0.1, 0.2, 1, 5])('walked out: not missed at %d frames a second', (fps) => {
    const leaves = (s: number) => 300 + Math.max(0, s - 50) * 30;
    const scene: Scene = (s) => (leaves(s) > 640 ? [] : [standing(leaves(s))]);
    expect(missed(scene, fps)).toEqual([]);
    // in at one side, through the room, out at the other
    const passes: Scene = (s) => (s < 20 || s > 40 ? [] : [standing(60 + (s - 20) * 26)]);
    expect(missed(passes, fps)).toEqual([]);
    const door: Scene = (s) => (s < 60 ? [standing(560)] : []);
    expect(missed(door, fps, [exit])).toEqual([]);
  });

  test('who stayed there and leaves between two rare looks is missed, too: nothing tells the two apart', () => {
    const runs: Scene = (s) => (s < 61 ? [standing()] : []);
    expect(missed(runs, 0.1)).toHaveLength(1);
  });
});

test('a gap between two watchers is no sampling interval: who was up before it is not seen to fall', () => {
  const sits: Scene = (s) => [s < 30 ? standing() : sitting()];
  const first = play({ scene: sits, seconds: 60 });
  const saved = restoreRoom(JSON.parse(JSON.stringify(first.state)));
  const later = play({ scene: () => [lying()], from: 360, seconds: 50, ...(saved && { state: saved }) });
  expect(news(later.told)).toEqual(['suspected@365']);
});
