import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { systemClock } from '@vigilia/service';
import { captureLogger, ffmpegPath, repoRoot, requires, testData } from '@vigilia/testing';
import { type Box, chooseInputSize, type Detection, letterboxFilter, letterboxGeometry } from '@vigilia/vision';
import type { Frame } from '../stream/frame.ts';
import { createLoadModel } from './load-model.ts';
import type { ModelHost } from './supervised-model-host.ts';

type Person = readonly [confidence: number, box: readonly [x1: number, y1: number, x2: number, y2: number]];

/** From the original graph in TensorFlow.js, letterboxed to a square: frame, its size, side of the square, people in that square. */
const reference: readonly (readonly [string, { width: number; height: number }, number, readonly Person[]])[] = [
  ['still-standing.png', { width: 640, height: 360 }, 256, [[0.88, [121, 96, 146, 163]]]],
  ['still-standing.png', { width: 640, height: 360 }, 512, [[0.95, [242, 191, 293, 328]]]],
  ['still-lying.png', { width: 640, height: 360 }, 256, [[0.73, [115, 121, 161, 178]]]],
  ['still-lying.png', { width: 640, height: 360 }, 512, [[0.97, [230, 256, 326, 357]]]],
];
const photographs: typeof reference = [
  [
    'bus.jpg',
    { width: 810, height: 1080 },
    256,
    [
      [0.94, [42, 94, 89, 215]],
      [0.73, [83, 95, 115, 203]],
      [0.39, [194, 85, 225, 207]],
    ],
  ],
  [
    'bus.jpg',
    { width: 810, height: 1080 },
    512,
    [
      [0.93, [84, 187, 175, 427]],
      [0.89, [171, 191, 228, 408]],
      [0.79, [385, 179, 450, 416]],
    ],
  ],
  [
    'zidane.jpg',
    { width: 1280, height: 720 },
    256,
    [
      [0.91, [147, 62, 226, 198]],
      [0.88, [25, 105, 203, 201]],
    ],
  ],
  [
    'zidane.jpg',
    { width: 1280, height: 720 },
    512,
    [
      [0.54, [293, 128, 471, 395]],
      [0.45, [73, 192, 300, 404]],
    ],
  ],
];

let host: ModelHost;

/** A frame as the stream of a camera gives it. */
function frameOf(file: string, source: Frame['displayed'], width: number, height: number): Frame {
  const args = ['-v', 'error', '-i', file, '-vf', letterboxFilter(width, height), '-f', 'rawvideo', 'pipe:1'];
  const data = execFileSync(ffmpegPath() ?? 'ffmpeg', args, { maxBuffer: 8 * 1024 * 1024 });
  return { sourceId: 2, data, width, height, displayed: source, sequence: 1, wallMs: 0, monotonicMs: 0 };
}

async function expectPeople(file: string, source: Frame['displayed'], size: number, people: readonly Person[]) {
  const { detections } = await host.infer(frameOf(file, source, size, size), { confidence: 0.25 });
  const { scale, padX, padY } = letterboxGeometry(source.width, source.height, size, size);
  expect(detections.map(({ confidence }) => confidence)).toHaveLength(people.length);
  for (const [index, [confidence, [x1, y1, x2, y2]]] of people.entries()) {
    const found = detections[index] as Detection;
    expect(Math.abs(found.confidence - confidence)).toBeLessThanOrEqual(0.02);
    const inCamera: Box = {
      x1: (x1 - padX) / scale,
      y1: (y1 - padY) / scale,
      x2: (x2 - padX) / scale,
      y2: (y2 - padY) / scale,
    };
    for (const side of ['x1', 'y1', 'x2', 'y2'] as const) {
      // a side beyond the frame is cut off there
      const limit = side.startsWith('x') ? source.width : source.height;
      const expected = Math.min(Math.max(inCamera[side], 0), limit);
      expect(Math.abs(found.box[side] - expected) * scale).toBeLessThanOrEqual(2);
    }
    expect(found.keypoints).toHaveLength(17);
  }
}

requires('ffmpeg', 'model')('the embedded model', () => {
  beforeAll(async () => {
    const modelsDir = process.env.VIGILIA_MODELS_DIR ?? join(repoRoot, '.cache/vigilia/models');
    const { logger } = captureLogger();
    const load = createLoadModel({ modelsDir, clock: systemClock, logger, threads: 1 });
    host = await load('movenet', new AbortController().signal);
  });
  afterAll(() => host.stop());

  test.each(reference)('finds in %s (%o) at %d pixels who the original finds', (still, source, size, people) =>
    expectPeople(join(repoRoot, 'demo/stills', still), source, size, people),
  );

  requires('data')('in photographs', () => {
    test.each(photographs)('finds in %s (%o) at %d pixels who the original finds', (photograph, source, size, people) =>
      expectPeople(testData('images', photograph), source, size, people),
    );
  });

  test('analyses frames of cameras with different aspects with one session', async () => {
    const still = join(repoRoot, 'demo/stills/still-standing.png');
    const sizes = [
      chooseInputSize({ frameSize: { width: 16, height: 9 }, standingHeight: undefined }),
      chooseInputSize({ frameSize: { width: 4, height: 3 }, standingHeight: undefined }),
      chooseInputSize({ frameSize: { width: 16, height: 9 }, standingHeight: 0.2 }),
    ];
    const source = { width: 640, height: 360 };
    const frames = [...sizes, ...sizes].map(({ width, height }) => frameOf(still, source, width, height));
    const results = await Promise.all(frames.map((frame) => host.infer(frame, { confidence: 0.5 })));
    for (const { detections } of results) {
      // a large input shows furniture too, but less surely; the person stands at the same place whatever the frame was scaled to
      expect(detections[0]?.box.x1).toBeGreaterThan(290);
      expect(detections[0]?.box.x2).toBeLessThan(380);
      expect(detections[0]?.box.y2).toBeGreaterThan(255);
      expect(detections[0]?.box.y2).toBeLessThan(285);
    }
  });

  test('refuses a frame whose sides its maps cannot halve', async () => {
    const frame = frameOf(join(repoRoot, 'demo/stills/still-standing.png'), { width: 640, height: 360 }, 350, 192);
    await expect(host.infer(frame, { confidence: 0.5 })).rejects.toThrow(/350×192/);
  });
});
