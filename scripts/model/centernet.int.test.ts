import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repoRoot, requires, tempFolder, testData } from '@vigilia/testing';
import { makeCenterNet } from './centernet.mjs';
import { createDetector } from './detector.mjs';
import { difference, EXPECTED_CONFIDENCE, EXPECTED_PEOPLE } from './expectations.mjs';
import { findPeople, type Person } from './peaks.mjs';

const ffmpeg = process.env.FFMPEG_BIN ?? 'ffmpeg';

/** From the original graph in TensorFlow.js. JPEG decoders and scalers differ a little; the small, faint box differs most. */
const photographs: Record<string, Person[]> = {
  'bus.jpg': [
    { confidence: 0.71, box: [88, 189, 166, 430] },
    { confidence: 0.57, box: [165, 196, 229, 407] },
    { confidence: 0.49, box: [381, 154, 446, 416] },
    { confidence: 0.25, box: [62, 283, 95, 413] },
  ],
  'zidane.jpg': [
    { confidence: 0.48, box: [53, 190, 439, 400] },
    { confidence: 0.43, box: [300, 135, 456, 397] },
  ],
};

type Detector = Awaited<ReturnType<typeof createDetector>>;
let detector: Detector;

beforeAll(async () => {
  const model = await makeCenterNet(join(repoRoot, 'node_modules/@vladmandic/human/models/centernet.json'));
  detector = await createDetector({ model, ffmpeg });
});
afterAll(() => detector.close());

requires('ffmpeg')('the default model finds what the original finds', () => {
  test.each(Object.entries(EXPECTED_PEOPLE))('in %s', async (still, expected) => {
    const found = await detector.people(join(repoRoot, 'demo/stills', still), EXPECTED_CONFIDENCE);
    expect(difference(found, expected, { confidence: 0.03, iou: 0.9 })).toBeUndefined();
  });

  test.each([
    ['to the right', 'clock'],
    ['to the left', 'cclock'],
  ])('and hardly the one who lies, when the picture is turned %s', async (_, direction) => {
    await using folder = await tempFolder('turned');
    const picture = folder.file('turned.png');
    const lying = join(repoRoot, 'demo/stills/still-lying.png');
    execFileSync(ffmpeg, ['-v', 'error', '-i', lying, '-vf', `transpose=${direction}`, picture]);
    const found = await detector.people(picture, 0.01);
    expect(Math.max(0, ...found.map(({ confidence }) => confidence))).toBeLessThanOrEqual(0.19);
  });
});

requires('ffmpeg', 'data')('the default model finds what the original finds in photographs', () => {
  test.each(Object.entries(photographs))('%s', async (photograph, expected) => {
    const found = await detector.people(testData('images', photograph), EXPECTED_CONFIDENCE);
    expect(difference(found, expected, { confidence: 0.06, iou: 0.9 })).toBeUndefined();
  });
});

test('two peaks on one person are one person', () => {
  const cells = 128 * 128;
  const keypoints = new Float32Array(cells * 80);
  const sizes = new Float32Array(cells * 4).fill(40);
  keypoints[(50 * 128 + 50) * 80] = 0.6;
  keypoints[(50 * 128 + 52) * 80] = 0.4;
  keypoints[(90 * 128 + 90) * 80] = 0.3;
  const people = findPeople({ keypoints, sizes, maxima: keypoints }, 0.25);
  expect(people.map(({ confidence }) => confidence)).toEqual([expect.closeTo(0.6), expect.closeTo(0.3)]);
  expect(people[0]?.box).toEqual([160, 160, 240, 240]);
});
