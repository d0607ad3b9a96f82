import { existsSync, writeFileSync } from 'node:fs';
import {
  ffmpegPath,
  rectangleLayouts as layouts,
  makeRectangleModel,
  type RectangleModelOptions,
  rectangleModelSize,
  requires,
  type TempFolder,
  tempFolder,
} from '@vigilia/testing';
import { createInput, type Detection, decode, letterboxGeometry, letterboxGrey, preprocess } from '@vigilia/vision';
import { loadOnnxModel } from './load-onnx-model.ts';

type Model = Omit<RectangleModelOptions, 'file'>;

let folder: TempFolder;
let models = 0;
beforeAll(async () => {
  folder = await tempFolder('layouts');
});
afterAll(() => folder.remove());

async function load(model: Model, json?: unknown) {
  const name = `m${++models}`;
  const file = await makeRectangleModel({ ...model, file: folder.file(`${name}.onnx`) });
  const jsonPath = folder.file(`${name}.json`);
  if (json !== undefined) {
    writeFileSync(jsonPath, JSON.stringify(json));
  }
  return loadOnnxModel({ modelPath: file, jsonPath, threads: 1, provider: 'cpu', ffmpeg: ffmpegPath() });
}

const near = (value: number): number => expect.closeTo(value, 3);
const personBox = { x1: near(200), y1: near(100), x2: near(280), y2: near(340) };

/** A camera's frame of 640 × 480: grey, with a white rectangle from (200, 100) to (280, 340), letterboxed for the model. */
function scene() {
  const size = rectangleModelSize;
  const data = new Uint8Array(size * size * 3).fill(letterboxGrey);
  for (let y = 40; y < 280; y++) {
    const white = y >= 90 && y < 210;
    for (let x = 0; x < size; x++) {
      data.fill(white && x >= 100 && x < 140 ? 255 : 89, (y * size + x) * 3, (y * size + x + 1) * 3);
    }
  }
  return { data, width: size, height: size };
}

async function detectionsOf(model: Model, json?: unknown): Promise<{ layout: string; found: Detection[] }> {
  const loaded = await load(model, json);
  const { description } = loaded;
  const input = createInput(description);
  preprocess(scene(), description, input);
  const { outputs } = await loaded.model.run(input);
  const { width, height } = description;
  const geometry = letterboxGeometry(640, 480, width, height);
  return { layout: description.layout, found: decode(outputs, description, { geometry, confidence: 0.25 }) };
}

const names = (...list: string[]) => ({ names: `{${list.map((name, id) => `${id}: '${name}'`).join(', ')}}` });
const poseFacts = (count: number, numbers: number, ...list: string[]) => ({
  task: 'pose',
  kpt_shape: `[${count}, ${numbers}]`,
  ...names(...list),
});

const known: readonly (readonly [name: string, layout: string, model: Model])[] = [
  ['YOLOv8, YOLO11', 'yolo-detect', { outputs: layouts.detect() }],
  ['YOLOv8 transposed', 'yolo-detect', { outputs: layouts.detect({ rows: true }) }],
  ['YOLOv8 with boxes in 0..1', 'yolo-detect', { outputs: layouts.detect({ share: true }) }],
  ['YOLOv8 with channels last', 'yolo-detect', { outputs: layouts.detect(), channelsLast: true }],
  ['YOLOv8 in half precision', 'yolo-detect', { outputs: layouts.detect({ type: 'float16' }), inputType: 'float16' }],
  ['YOLOv8 for bytes', 'yolo-detect', { outputs: layouts.detect(), inputType: 'uint8', channelsLast: true }],
  ['YOLOv8 with a free batch', 'yolo-detect', { outputs: layouts.detect(), batch: 'batch' }],
  ['YOLOv8 for one class without a name', 'yolo-detect', { outputs: layouts.detect({ classes: 1 }) }],
  ['YOLOv8 segment', 'yolo-detect', { outputs: layouts.segment(80) }],
  ['YOLOv8 segment for one class', 'yolo-detect', { outputs: layouts.segment(1), properties: names('person') }],
  ['RT-DETR by Ultralytics', 'yolo-detect', { outputs: layouts.detect({ rows: true, share: true, count: 300 }) }],
  ['YOLOv8 pose', 'yolo-pose', { outputs: layouts.pose(17) }],
  ['YOLOv8 pose, 26 joints', 'yolo-pose', { outputs: layouts.pose(26), properties: poseFacts(26, 3, 'person') }],
  ['YOLOv8 pose, 2 joints', 'yolo-pose', { outputs: layouts.pose(2), properties: poseFacts(2, 3, 'person') }],
  [
    'YOLOv8 pose without visibility',
    'yolo-pose',
    { outputs: layouts.pose(17, 2), properties: poseFacts(17, 2, 'person') },
  ],
  [
    'YOLOv8 pose, 3 classes',
    'yolo-pose',
    { outputs: layouts.pose(5, 3, 3), properties: poseFacts(5, 3, 'person', 'cat', 'dog') },
  ],
  ['YOLOX', 'yolox', { outputs: layouts.objectness({ name: 'output', raw: true }), pixels: 'bgr-bytes' }],
  [
    'YOLOX for one class',
    'yolox',
    { outputs: layouts.objectness({ name: 'output', raw: true, classes: 1 }), pixels: 'bgr-bytes' },
  ],
  [
    'YOLOX with its decoding inside',
    'yolo-objectness',
    { outputs: layouts.objectness({ name: 'output' }), pixels: 'bgr-bytes' },
  ],
  ['YOLOv6', 'yolo-objectness', { outputs: layouts.objectness() }],
  ['YOLOv5, YOLOv7', 'yolo-objectness', { outputs: layouts.objectness({ name: 'output0', count: 6300 }) }],
  ['YOLOv10, YOLO26', 'end-to-end', { outputs: layouts.endToEnd() }],
  ['YOLO26 with boxes in 0..1', 'end-to-end', { outputs: layouts.endToEnd({ share: true }) }],
  ['end-to-end with the class before the score', 'end-to-end', { outputs: layouts.endToEnd({ classFirst: true }) }],
  ['YOLO26 pose', 'end-to-end-pose', { outputs: layouts.endToEnd({ pose: 17 }) }],
  [
    'YOLO26 pose, 26 joints',
    'end-to-end-pose',
    { outputs: layouts.endToEnd({ pose: 26 }), properties: poseFacts(26, 3, 'person') },
  ],
  ['YOLO26 segment', 'end-to-end', { outputs: layouts.endToEnd({ masks: true }) }],
  ['YOLO-NAS', 'boxes-and-scores', { outputs: layouts.boxesAndScores() }],
  ['YOLO-NAS, flat', 'flat', { outputs: layouts.flat() }],
  ['YOLOv7 with NMS inside', 'flat', { outputs: layouts.flat(true) }],
  [
    'RF-DETR',
    'boxes-and-logits',
    { outputs: layouts.detr({ boxes: 'dets', scores: 'labels' }, 91, 1), pixels: 'imagenet' },
  ],
  [
    'D-FINE, RT-DETR without post-processing',
    'boxes-and-logits',
    { outputs: layouts.detr({ boxes: 'pred_boxes', scores: 'pred_logits' }, 80, 0) },
  ],
  ['RT-DETR with post-processing', 'boxes-scores-labels', { outputs: layouts.labelsBoxesScores() }],
  [
    'D-FINE with post-processing and two inputs',
    'boxes-scores-labels',
    { outputs: layouts.labelsBoxesScores(true), sizeInput: true },
  ],
  [
    'D-FINE with free sides',
    'boxes-scores-labels',
    { outputs: layouts.labelsBoxesScores(true), sizeInput: true, freeOutputs: true },
  ],
  ['RTMO', 'rtmo', { outputs: layouts.rtmo(), pixels: 'bgr-bytes' }],
  [
    'names in the file',
    'yolo-detect',
    { outputs: layouts.detect({ classes: 3, person: 2 }), properties: names('chair', 'bed', 'Person') },
  ],
  [
    'names in the file, end-to-end',
    'end-to-end',
    { outputs: layouts.endToEnd({ person: 2 }), properties: names('wheelchair', 'bed', 'PEDESTRIAN') },
  ],
];

requires('ffmpeg')('a person is found at its place, however the model was exported', () => {
  test.each(known)('%s is read as the layout %s and gives the person, not garbage', async (_, layout, model) => {
    const { layout: read, found } = await detectionsOf(model);
    expect(found.map(({ className, box }) => [className, box])).toEqual([['person', personBox]]);
    expect(found[0]?.confidence).toBeGreaterThan(0.85);
    expect(read).toBe(layout);
  });

  test.each<[string, Model]>([
    ['YOLOv8 pose', { outputs: layouts.pose(17) }],
    ['YOLOv8 pose without visibility', { outputs: layouts.pose(17, 2), properties: poseFacts(17, 2, 'person') }],
    ['YOLO26 pose', { outputs: layouts.endToEnd({ pose: 17 }) }],
    ['RTMO', { outputs: layouts.rtmo(), pixels: 'bgr-bytes' }],
  ])('the joints of %s lie on the person', async (_, model) => {
    const { found } = await detectionsOf(model);
    expect(found[0]?.keypoints).toHaveLength(17);
    expect(found[0]?.keypoints?.[0]).toMatchObject({ x: 240, y: 100 });
    expect(found[0]?.keypoints?.[16]).toMatchObject({ x: 240, y: expect.closeTo(340, 0) });
  });

  test('of 26 joints those that COCO names are used, by their names in the file; without names only the box', async () => {
    const kptNames = ['head_top', ...Array.from({ length: 24 }, (_, index) => `other_${index}`), 'left_ankle'];
    const model = { outputs: layouts.pose(26), properties: poseFacts(26, 3, 'person') };
    const { found } = await detectionsOf(model, { kptNames });
    expect(found[0]?.keypoints?.[15]).toMatchObject({
      x: 240,
      y: expect.closeTo(340, 0),
      visibility: expect.closeTo(0.8),
    });
    expect(found[0]?.keypoints?.[0]).toMatchObject({ visibility: 0 });
    expect((await detectionsOf(model)).found[0]?.keypoints).toBeUndefined();
  });

  test('the JSON beside the model takes precedence over the names in the file', async () => {
    const model = { outputs: layouts.detect({ classes: 2 }), properties: names('chair', 'bed') };
    const { found } = await detectionsOf(model, { labels: ['standing', 'bed'], personLabels: ['Standing'] });
    expect(found).toMatchObject([{ className: 'person', classId: 0 }]);
  });
});

requires('ffmpeg')('a model that can never find a person is refused with a remedy', () => {
  test.each<[string, Model, RegExp]>([
    ['a batch of 16', { outputs: layouts.detect(), batch: 16 }, /fixed batch of 16 frames.*batch size 1/],
    [
      'a detector of helmets',
      { outputs: layouts.detect({ classes: 1 }), properties: names('helmet') },
      /no class for a person.*"helmet".*personLabels/,
    ],
    [
      'a detector of falls',
      { outputs: layouts.detect({ classes: 1 }), properties: names('Fall Detected') },
      /no class for a person.*Vigilia detects falls itself/,
    ],
    ['7 unnamed classes', { outputs: layouts.detect({ classes: 7 }) }, /7 classes.*"labels"/],
    [
      'names that do not fit',
      { outputs: layouts.detect({ classes: 3 }), properties: names('person') },
      /names for 1 classes.*scores for 3/,
    ],
    ['rotated boxes', { outputs: layouts.detect({ classes: 1 }), properties: { task: 'obb' } }, /task "obb"/],
    ['joints that do not fit', { outputs: layouts.pose(5, 3, 3), properties: poseFacts(5, 3, 'person') }, /5 joints/],
    ['class ids that are not whole numbers', { outputs: layouts.endToEnd({ person: 7.5 }) }, /class ids of 7.5/],
  ])('%s', async (_, model, message) => {
    await expect(load(model)).rejects.toMatchObject({ code: 'model_invalid', message: expect.stringMatching(message) });
  });

  test('the layout in the JSON is believed only where it fits the outputs', async () => {
    await expect(load({ outputs: layouts.detect() }, { layout: 'rtmo' })).rejects.toThrow(
      /"rtmo".*output0 \[1,84,2100\]/,
    );
  });
});

requires('ffmpeg')('the embedded picture of a person', () => {
  test('is there, and its person (here: what is white in it) is found by a model that works', async () => {
    const { personPicture } = await import('./person-picture.ts');
    expect(existsSync(personPicture)).toBe(true);
    await expect(load({ outputs: layouts.detect() })).resolves.toMatchObject({ personConfidence: expect.closeTo(0.9) });
  });

  test('shows that a model which finds no person is useless', async () => {
    const blindToAll = layouts.detect({ person: 79 });
    await expect(load({ outputs: blindToAll })).resolves.toMatchObject({ personConfidence: 0 });
  });
});
