import type { ModelMetadata } from '../model/model-description.ts';
import { describeModel, proposeDescriptions } from './describe-model.ts';

const metadata = (input: (number | string)[], ...outputs: (number | string)[][]): ModelMetadata => ({
  inputs: [{ name: 'images', type: 'float32', shape: input }],
  outputs: outputs.map((shape, index) => ({ name: `output${index}`, type: 'float32', shape })),
});

const layoutOf = (shapes: ModelMetadata, json?: unknown): string => describeModel(shapes, json).layout;

describe('the likeliest layout follows from the shapes', () => {
  test.each([
    ['yolo-detect', metadata([1, 3, 640, 640], [1, 84, 8400])],
    ['yolo-detect', metadata([1, 3, 320, 320], [1, 84, 2100])],
    ['yolo-detect', metadata([1, 3, 64, 64], [1, 84, 84])],
    ['yolo-detect', metadata([1, 3, 640, 640], [1, 5, 8400])],
    ['yolo-detect', metadata([1, 3, 640, 640], [1, 8400, 84])],
    ['yolo-pose', metadata([1, 3, 640, 640], [1, 56, 8400])],
    ['yolox', metadata([1, 3, 416, 416], [1, 3549, 85])],
    ['yolo-objectness', metadata([1, 3, 640, 640], [1, 25200, 85])],
    ['end-to-end', metadata([1, 3, 640, 640], [1, 300, 6])],
    ['end-to-end-pose', metadata([1, 3, 640, 640], [1, 300, 57])],
    ['flat', metadata([1, 3, 640, 640], ['found', 7])],
  ] as const)('%s', (layout, shapes) => {
    expect(layoutOf(shapes)).toBe(layout);
  });

  test('an unknown model is refused with its shapes and the layouts that work', () => {
    const nanoDet = metadata([1, 3, 416, 416], [1, 2704, 80], [1, 676, 80]);
    expect(() => describeModel(nanoDet)).toThrow(/output0 \[1,2704,80\].*YOLOv5 to YOLO26.*docs\/models\.md/s);
  });

  test('a shape that several exporters fill with other numbers is read in each of these ways, to be tried out', () => {
    const ways = proposeDescriptions(metadata([1, 3, 640, 640], [1, 8400, 85]));
    expect(ways.map(({ layout, colour, format }) => [layout, colour, format?.unit])).toEqual([
      ['yolox', 'bgr', 'pixels'],
      ['yolo-objectness', 'rgb', 'pixels'],
      ['yolo-objectness', 'rgb', 'share'],
      ['yolo-objectness', 'bgr', 'pixels'],
    ]);
  });

  test('six numbers per object are a score and a class id, unless the file names two classes: then these may be their scores', () => {
    const two = { ...metadata([1, 3, 640, 640], [1, 300, 6]), properties: { names: "{0: 'person', 1: 'bed'}" } };
    expect(proposeDescriptions(two).map(({ layout }) => layout)).toContain('yolo-detect');
    const three = { ...two, properties: { names: "['bed', 'chair', 'person']" } };
    expect(new Set(proposeDescriptions(three).map(({ layout }) => layout))).toEqual(new Set(['end-to-end']));
  });
});

describe('describeModel', () => {
  const yolo = metadata([1, 3, 384, 640], [1, 84, 5040]);

  test('a YOLO model gets the input it was exported for', () => {
    expect(describeModel(yolo)).toMatchObject({
      width: 640,
      height: 384,
      channelOrder: 'nchw',
      colour: 'rgb',
      scale: 1 / 255,
      passes: [0],
      mirrorsEverySecondFrame: false,
    });
  });

  test('YOLOX wants blue first and whole bytes', () => {
    expect(describeModel(metadata([1, 3, 416, 416], [1, 3549, 85]))).toMatchObject({ colour: 'bgr', scale: 1 });
  });

  describe('a MoveNet', () => {
    const heads = { centre: 1, box_size: 2, box_offset: 2, joint_heat: 17, joint_regression: 34, joint_offset: 34 };
    const moveNet = (height: number | string, width: number | string): ModelMetadata => ({
      inputs: [{ name: 'images', type: 'float32', shape: [1, 3, height, width] }],
      outputs: Object.entries(heads).map(([name, channels]) => ({ name, shape: [1, channels, 'h', 'w'] })),
    });

    test('is recognised by its six heads, and its input follows the camera', () => {
      expect(describeModel(moveNet('height', 'width'))).toMatchObject({
        layout: 'movenet',
        resizable: true,
        width: 352,
        height: 192,
        scale: 1,
        labels: ['person'],
      });
    });

    test('is shown every second frame mirrored', () => {
      expect(describeModel(moveNet('height', 'width')).mirrorsEverySecondFrame).toBe(true);
    });

    test('keeps the size that its file or the JSON beside it fixes', () => {
      const fixed = { width: 256, height: 256, resizable: false };
      expect(describeModel(moveNet(256, 256))).toMatchObject(fixed);
      expect(describeModel(moveNet('height', 'width'), { width: 256, height: 256 })).toMatchObject(fixed);
    });

    test('is not recognised without one of its heads', () => {
      const { outputs } = moveNet('height', 'width');
      const rest = { inputs: [{ name: 'images', shape: [1, 3, 256, 256] }], outputs: outputs.slice(1) };
      expect(() => describeModel(rest)).toThrow(/no known layout.*MoveNet/);
    });
  });

  test('the JSON beside the model wins and fills in a free size', () => {
    const free = metadata([1, 3, 'height', 'width'], [1, 84, 'cells']);
    const exported = { ...free, properties: { imgsz: '[384, 640]' } };
    expect(describeModel(exported)).toMatchObject({ width: 640, height: 384 });
    expect(describeModel(exported, { width: 320, height: 256 })).toMatchObject({ width: 320, height: 256 });
    expect(
      describeModel(free, { width: 320, height: 256, scale: '0..255', labels: 'coco', passes: [0, 90, -90] }),
    ).toMatchObject({
      scale: 1,
      width: 320,
      height: 256,
      passes: [0, 90, -90],
    });
  });

  test.each([
    ['a fixed batch', metadata([16, 3, 640, 640], [16, 84, 8400]), undefined, /batch of 16 frames.*batch size 1/],
    ['a frame without colours', metadata([1, 1, 640, 640], [1, 84, 8400]), undefined, /3 colour channels/],
    ['a free size without JSON', metadata([1, 3, 'h', 'w'], [1, 84, 'n']), undefined, /width is free; give "width"/],
    ['a size that contradicts', yolo, { width: 320 }, /JSON has width 320.*640/],
    ['passes that do not begin upright', yolo, { passes: [90] }, /passes: must begin with 0/],
    ['an unknown layout', yolo, { layout: 'ssd' }, /layout/],
    ['classes without names', metadata([1, 3, 640, 640], [1, 11, 8400]), undefined, /7 classes.*"labels"/],
    ['an input that is not an image', metadata([1, 10], [1, 84, 100]), undefined, /is not an image/],
  ])('%s is refused with a sentence', (_, shapes, json, message) => {
    expect(() => describeModel(shapes, json)).toThrow(
      expect.objectContaining({ code: 'model_invalid', message: expect.stringMatching(message) }),
    );
  });

  test('a further input of unknown meaning is refused by its name', () => {
    const two = { ...yolo, inputs: [...yolo.inputs, { name: 'im_shape', type: 'float32', shape: [1, 2] }] };
    expect(() => describeModel(two)).toThrow(/im_shape \[1,2\]/);
  });
});

describe('the class names in a file', () => {
  const three = (properties: Record<string, string>) => ({
    ...metadata([1, 3, 640, 640], [1, 7, 8400]),
    properties,
  });

  test.each([
    [{ names: "{0: 'chair', 1: 'bed', 2: 'person'}" }, ['chair', 'bed', 'person']],
    [{ names: `{0: "driver's seat", 1: 'a \\'b\\'', 2: 'Person'}` }, ["driver's seat", "a 'b'", 'person']],
    [{ names: "['people', 'bed', 'PEDESTRIAN']" }, ['person', 'bed', 'person']],
    [{ id2label: '{"0": "Human", "1": "bed", "2": "cat"}' }, ['person', 'bed', 'cat']],
  ])('%j: every class that means a person is called person, in any letter case', (properties, labels) => {
    expect(describeModel(three(properties)).labels).toEqual(labels);
  });

  test.each([
    [{ names: "{0: 'Fall Detected', 1: 'bed', 2: 'cat'}" }, /no class for a person.*Vigilia detects falls itself/],
    [{ names: "{0: 'salesperson', 1: 'bed', 2: 'cat'}" }, /no class for a person.*personLabels/],
    [{ names: 'person, bed' }, /cannot be read.*"labels"/],
    [{ names: "{0: 'person'}" }, /names for 1 classes.*scores for 3/],
    [{ task: 'classify', names: "['person']" }, /task "classify".*detect, pose, segment/],
    [{ kpt_shape: '[17, 3]', names: "['person']" }, /17 joints of 3 numbers.*kptShape/],
  ])('%j is refused: it would find no person, or take a car for one', (properties, message) => {
    expect(() => describeModel(three(properties))).toThrow(
      expect.objectContaining({ code: 'model_invalid', message: expect.stringMatching(message) }),
    );
  });
});
