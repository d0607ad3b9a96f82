import { describeModel } from './describe-model.ts';
import { detectLayout } from './detect-layout.ts';
import type { ModelMetadata } from './model-description.ts';

const metadata = (input: (number | string)[], ...outputs: (number | string)[][]): ModelMetadata => ({
  inputs: [{ name: 'images', type: 'float32', shape: input }],
  outputs: outputs.map((shape, index) => ({ name: `output${index}`, type: 'float32', shape })),
});

describe('the layout is told from the shapes', () => {
  test.each([
    ['yolo-detect', metadata([1, 3, 640, 640], [1, 84, 8400])],
    ['yolo-detect', metadata([1, 3, 320, 320], [1, 84, 2100])],
    ['yolo-detect', metadata([1, 3, 'h', 'w'], [1, 84, 'cells'])],
    ['yolo-detect', metadata([1, 3, 640, 640], [1, 5, 8400])],
    ['yolo-pose', metadata([1, 3, 640, 640], [1, 56, 8400])],
    ['yolox', metadata([1, 3, 416, 416], [1, 3549, 85])],
    ['yolox', metadata([1, 3, 416, 416], [1, 3549, 25])],
    ['yolox', metadata([1, 3, 'h', 'w'], [1, 'cells', 85])],
    ['end-to-end', metadata([1, 3, 640, 640], [1, 300, 6])],
  ] as const)('%s', (layout, shapes) => {
    expect(detectLayout(shapes)).toBe(layout);
  });

  test('an unknown model is refused with its shapes and the layouts that work', () => {
    const result = detectLayout(metadata([1, 3, 416, 416], [1, 2704, 80], [1, 676, 80]));
    expect(result).toEqual({ error: expect.stringMatching(/output0 \[1,2704,80\].*YOLOv8\/11 detect.*"layout"/s) });
  });

  test('YOLOv5, whose rows are no cells of a YOLOX, is refused: its boxes would be nonsense', () => {
    const result = detectLayout(metadata([1, 3, 640, 640], [1, 25200, 85]));
    expect(result).toEqual({ error: expect.stringMatching(/output0 \[1,25200,85\].*strides 8, 16 and 32/s) });
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

    test('keeps the size that its file or the JSON beside it fixes', () => {
      const fixed = { width: 256, height: 256, resizable: false };
      expect(describeModel(moveNet(256, 256))).toMatchObject(fixed);
      expect(describeModel(moveNet('height', 'width'), { width: 256, height: 256 })).toMatchObject(fixed);
    });

    test('is not recognised without one of its heads', () => {
      const { inputs, outputs } = moveNet('height', 'width');
      expect(detectLayout({ inputs, outputs: outputs.slice(1) })).toEqual({
        error: expect.stringContaining('MoveNet'),
      });
    });
  });

  test('the JSON beside the model wins and fills in a free size', () => {
    const free = metadata([1, 3, 'height', 'width'], [1, 84, 'cells']);
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
    ['a free size without JSON', metadata([1, 3, 'h', 'w'], [1, 84, 'n']), undefined, /width is free; give "width"/],
    ['a size that contradicts', yolo, { width: 320 }, /JSON says width 320.*640/],
    ['passes that do not begin upright', yolo, { passes: [90] }, /passes: must begin with 0/],
    ['an unknown layout', yolo, { layout: 'ssd' }, /layout/],
    ['classes without names', metadata([1, 3, 640, 640], [1, 11, 8400]), undefined, /7 classes.*"labels"/],
    ['an input that is no picture', metadata([1, 10], [1, 84, 100]), undefined, /is no picture/],
  ])('%s is refused with a sentence', (_, shapes, json, message) => {
    expect(() => describeModel(shapes, json)).toThrow(
      expect.objectContaining({ code: 'model_invalid', message: expect.stringMatching(message) }),
    );
  });
});
