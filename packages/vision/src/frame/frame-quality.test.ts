import { type FrameMeasures, frameQuality, judgeFrameQuality } from './frame-quality.ts';

const width = 320;
const height = 180;

/** Normally distributed, the same in every run (Park and Miller; Box and Muller). */
function noiseOf(sigma: number): () => number {
  let seed = 7;
  const uniform = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  return () => sigma * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

function frame(level: (x: number, y: number) => number, sigma = 0): Uint8Array {
  const noise = noiseOf(sigma);
  const data = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const value = level(pixel % width, Math.floor(pixel / width)) + noise();
    data.fill(Math.max(0, Math.min(255, Math.round(value))), pixel * 3, pixel * 3 + 3);
  }
  return data;
}

/** A floor, a wall, a bed, a cupboard: what an empty room shows, at a share of its light. */
function room(light: number, floor = 0) {
  return (x: number, y: number): number => {
    const bed = x > 40 && x < 150 && y > 90 && y < 150 ? 90 : 0;
    const cupboard = x > 220 && x < 280 && y > 20 && y < 120 ? -70 : 0;
    const shelves = x > 222 && x < 278 && y % 25 < 3 ? 40 : 0;
    const window = x > 90 && x < 150 && y > 10 && y < 60 ? 80 : 0;
    const tiles = y > 120 && (x % 40 < 2 || y % 20 < 2) ? -30 : 0;
    return floor + light * (y > 120 ? 100 + tiles : 140 + bed + cupboard + shelves + window);
  };
}

const measure = (data: Uint8Array): FrameMeasures =>
  frameQuality({ data, width, height }, { width: 1280, height: 720 });
const judge = (data: Uint8Array) => judgeFrameQuality(measure(data), undefined);

test.each([1, 2, 5, 12])('noise of %d levels is measured, whatever the room shows', (sigma) => {
  const { noise } = measure(frame(room(0.8), sigma));
  expect(Math.abs(noise - sigma)).toBeLessThan(0.25 * sigma + 0.2);
});

test.each([
  ['an empty room by day', room(0.8), 2, undefined],
  ['an empty room by day, clean', room(0.8), 0, undefined],
  ['an empty room at a third of the light, clean', room(0.3), 0.5, undefined],
  ['an empty room by infrared: darker, with more noise', room(0.45), 2, undefined],
  ['a room in the dark', room(0.02), 3, 'dark'],
  ['a room in the dark whose noise is amplified', room(0.12, 40), 14, 'dark'],
  ['nothing at all', () => 0, 0, 'dark'],
  ['a cloth', (x: number, y: number) => 60 + 30 * Math.exp(-((x - 160) ** 2 + (y - 90) ** 2) / 12_000), 2, 'covered'],
  ['a hand in front of the infrared light', () => 230, 2, 'covered'],
  ['light that leaks in from one side', (x: number) => 40 + x / 4, 2, 'covered'],
] as const)('%s is reported as dark or covered only where no person could be seen', (_, level, sigma, expected) => {
  expect(judge(frame(level, sigma))).toBe(expected);
});

test('the grey of the letterbox is not part of the frame', () => {
  const data = frame((_, y) => (y < 40 || y >= 140 ? 114 : 0));
  const quality = frameQuality({ data, width, height }, { width: 1280, height: 400 });
  expect(quality.brightness).toBe(0);
  expect(judgeFrameQuality(quality, undefined)).toBe('dark');
});

test('a room at the limit does not alternate between blind and seen: a frame must be clearly better to count as seen again', () => {
  const quality = { brightness: 40, structure: 13, noise: 1 };
  expect(judgeFrameQuality(quality, undefined)).toBeUndefined();
  expect(judgeFrameQuality(quality, 'dark')).toBe('dark');
  expect(judgeFrameQuality({ ...quality, structure: 16 }, 'dark')).toBeUndefined();
});
