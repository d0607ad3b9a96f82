import { Tally } from './tally.ts';

const detection = (x1: number, y1: number, x2: number, y2: number) => ({
  classId: 0,
  className: 'person',
  confidence: 0.9,
  box: { x1, y1, x2, y2 },
});
/** 100 × 160 pixels of a 640×360 frame; at half size on the canvas of 1280×720 it lies at (420, 280) to (520, 440). */
const person = { posture: 'up', box: { x1: 100, y1: 100, x2: 200, y2: 260 } };

test('a person counts as found where a sure detection is at their place, shrunk with the frame', () => {
  const tally = new Tally();
  tally.add([{ detection: detection(420, 280, 520, 440), probability: 0.9 }], [person], 0.5);
  tally.add([{ detection: detection(420, 280, 520, 440), probability: 0.4 }], [person], 0.5);
  tally.add([], [person], 0.5);
  expect(tally.found('up')).toBeCloseTo(1 / 3);
  expect(tally.found('down')).toBeUndefined();
  expect(tally.thingsPerFrame).toBe(0);
});

test('a sure detection apart from all people is a thing, and a part of a person is none', () => {
  const tally = new Tally();
  const chair = { detection: detection(900, 100, 1000, 200), probability: 0.6 };
  const legs = { detection: detection(430, 380, 510, 440), probability: 0.7 };
  tally.add([chair, legs], [person], 0.5);
  tally.add([], [], 0.5);
  expect(tally.thingsPerFrame).toBe(0.5);
});
