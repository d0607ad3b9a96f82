import { chooseInputSize } from './choose-input-size.ts';

const source = { width: 1920, height: 1080 };
const usual = { width: 352, height: 192 };
/** Share of the frame's height at which a standing person has so many pixels in the usual input of a 16:9 camera. */
const share = (pixels: number) => pixels / 192;

test('a camera that has shown nothing gets the usual input of a 16:9 camera', () => {
  expect(chooseInputSize({ frameSize: undefined, standingHeight: undefined })).toEqual(usual);
});

test('a camera whose people are not known gets the usual number of pixels in its own aspect', () => {
  const vga = { width: 640, height: 480 };
  expect(chooseInputSize({ frameSize: vga, standingHeight: undefined })).toEqual({ width: 288, height: 224 });
});

test.each([
  ['large', 180],
  ['as tall as the frame', 192],
  ['just large enough', 60],
])('people who are %s keep the usual input: a larger one would lose them', (_, pixels) => {
  expect(chooseInputSize({ frameSize: source, standingHeight: share(pixels) })).toEqual(usual);
});

test.each([
  [55, 1.5],
  [45, 2],
  [20, 2],
])('people of %d pixels get an input that shows them %d times larger', (pixels, factor) => {
  const { width, height } = chooseInputSize({ frameSize: source, standingHeight: share(pixels) });
  expect((width * height) / (352 * 192)).toBeGreaterThan(factor ** 2 * 0.9);
  expect((width * height) / (352 * 192)).toBeLessThan(factor ** 2 * 1.1);
});

test('a model that may use more pixels shows even smaller people large enough', () => {
  const facts = { frameSize: source, standingHeight: share(28) };
  expect(chooseInputSize(facts)).toEqual({ width: 704, height: 384 });
  expect(chooseInputSize(facts, { maxFactor: 3 })).toEqual({ width: 1024, height: 576 });
});

test('a learned height that jitters round a limit does not change the input to and fro', () => {
  let current = usual;
  let changes = 0;
  for (const pixels of [61, 58, 62, 59, 63, 57, 64, 52.5, 54, 53, 55]) {
    const next = chooseInputSize({ frameSize: source, standingHeight: share(pixels) }, { current });
    if (next.width !== current.width) {
      changes++;
    }
    current = next;
  }
  expect(changes).toBe(1);
});

test('a camera that turns out to have another aspect keeps the usual number of pixels', () => {
  const vga = { width: 640, height: 480 };
  expect(chooseInputSize({ frameSize: vga, standingHeight: 65 / 216 }, { current: usual })).toEqual({
    width: 288,
    height: 224,
  });
});

test('a room whose camera was moved nearer goes back to the usual input', () => {
  const larger = chooseInputSize({ frameSize: source, standingHeight: share(40) });
  expect(chooseInputSize({ frameSize: source, standingHeight: share(90) }, { current: larger })).toEqual(usual);
});
