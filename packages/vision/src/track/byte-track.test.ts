import { createRoomVision } from '../fall/room-vision.ts';
import type { Box } from '../model/detection.ts';
import { byteTrackMatch } from './byte-track.ts';
import { kalmanBox, predictKalman, startKalman, updateKalman } from './kalman.ts';

const limits = { highConfidence: 0.25, firstIou: 0.2, secondIou: 0.5 };
const at = (x: number, confidence: number): { box: Box; confidence: number } => ({
  box: { x1: x, y1: 0, x2: x + 100, y2: 200 },
  confidence,
});
const track = (x: number, seenLast = true) => ({ expected: at(x, 1).box, seenLast });

describe('the rounds of the published algorithm', () => {
  test('confident boxes go to all tracks, lost ones too', () => {
    expect(byteTrackMatch([track(0), track(300, false)], [at(310, 0.6), at(5, 0.9)], limits)).toEqual([
      { track: 0, observation: 1 },
      { track: 1, observation: 0 },
    ]);
  });
  test('weak boxes keep a track alive that the last frame showed', () => {
    expect(byteTrackMatch([track(0)], [at(10, 0.18)], limits)).toEqual([{ track: 0, observation: 0 }]);
  });
  test('weak boxes never bring back a lost track', () => {
    expect(byteTrackMatch([track(0, false)], [at(10, 0.18)], limits)).toEqual([]);
  });
  test('a weak box does not take the track from a confident one', () => {
    expect(byteTrackMatch([track(0)], [at(0, 0.2), at(40, 0.8)], limits)).toEqual([{ track: 0, observation: 1 }]);
  });
  test('the second round is stricter: IoU 0.5 instead of 0.2', () => {
    expect(byteTrackMatch([track(0)], [at(45, 0.8)], limits)).toHaveLength(1); // IoU 55/145 = 0.38
    expect(byteTrackMatch([track(0)], [at(45, 0.2)], limits)).toHaveLength(0);
  });
});

test('two people who cross keep their numbers, though one is hidden for three frames (checked by hand)', () => {
  // A walks right at 20 px a frame, B left at 20 px; they meet at frame 8. B is seen weakly at 6 and 10, hidden at 7–9.
  const filters = new Map([
    ['A', startKalman(at(0, 1).box)],
    ['B', startKalman(at(320, 1).box)],
  ]);
  const seenLast = new Map([
    ['A', true],
    ['B', true],
  ]);
  const story: string[] = [];
  for (let frame = 1; frame <= 14; frame++) {
    const a = at(20 * frame, 0.8);
    const hidden = frame >= 7 && frame <= 9;
    const b = at(320 - 20 * frame, frame === 6 ? 0.2 : 0.7);
    const boxes = hidden ? [a] : [a, b];
    const names = [...filters.keys()];
    const predicted = names.map((name) => predictKalman(filters.get(name) ?? startKalman(a.box), 1));
    const expected = predicted.map((filter, index) => ({
      expected: kalmanBox(filter),
      seenLast: seenLast.get(names[index] ?? '') ?? false,
    }));
    const matches = byteTrackMatch(expected, boxes, limits);
    for (const [index, name] of names.entries()) {
      const match = matches.find((one) => one.track === index);
      const filter = predicted[index];
      const box = match && boxes[match.observation]?.box;
      seenLast.set(name, match !== undefined);
      if (filter) filters.set(name, box ? updateKalman(filter, box) : filter);
      story.push(`${frame}${name}:${match === undefined ? '-' : match.observation === 0 ? 'a' : 'b'}`);
    }
  }
  const wrong = story.filter((entry) => /A:b|B:a|A:-/.test(entry));
  expect(wrong).toEqual([]);
  expect(story.filter((entry) => entry.endsWith('B:-'))).toEqual(['7B:-', '8B:-', '9B:-']);
});

test('the same story at five pictures a second, as a room is watched: both keep their tracker ids', () => {
  const vision = createRoomVision({ zones: [] });
  let state = vision.empty();
  const ids: Record<'a' | 'b', (number | undefined)[]> = { a: [], b: [] };
  const detection = (x: number, confidence: number) => {
    const { box } = at(x, confidence);
    const inRoom = { ...box, y1: box.y1 + 200, y2: box.y2 + 200 };
    return { classId: 0, className: 'person', confidence, box: inRoom };
  };
  for (let frame = 0; frame <= 14; frame++) {
    const hidden = frame >= 7 && frame <= 9;
    const a = detection(100 + 20 * frame, 0.8);
    const b = detection(420 - 20 * frame, frame === 6 ? 0.2 : 0.7);
    const detections = hidden ? [a] : [a, b];
    const [next, , people] = vision.observe(state, { atMs: frame * 200, detections, width: 640, height: 480 });
    state = next;
    const idOf = (index: number) => people.find((one) => one.index === index)?.trackId;
    ids.a.push(idOf(0));
    ids.b.push(hidden ? undefined : idOf(1));
  }
  const seenB = ids.b.filter((_, frame) => frame < 7 || frame > 9);
  expect(new Set(ids.a).size).toBe(1);
  expect(new Set(seenB).size).toBe(1);
  expect(seenB[0]).toBeDefined();
  expect(seenB[0]).not.toBe(ids.a[0]);
});
