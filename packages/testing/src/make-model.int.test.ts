import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ModelOptions, makeModel } from './make-model.ts';
import { modelOutput } from './model-output.ts';
import { tempFolder } from './temp-folder.ts';

async function answer(
  options: Omit<ModelOptions, 'file'>,
  level = 0,
): Promise<{ dims: readonly number[]; data: Float32Array }> {
  await using folder = await tempFolder('model');
  const session = await InferenceSession.create(await makeModel({ ...options, file: folder.file('m.onnx') }));
  const { size = 320 } = options;
  const input = new Tensor('float32', new Float32Array(3 * size * size).fill(level), [1, 3, size, size]);
  const { output0 } = await session.run({ images: input });
  await session.release();
  return output0 as unknown as { dims: readonly number[]; data: Float32Array };
}

const lying = { x1: 20, y1: 100, x2: 120, y2: 140, confidence: 0.8 };

describe('a generated model in the real ONNX Runtime', () => {
  test.each([
    ['yolo-detect', [1, 84, 2100]],
    ['yolo-pose', [1, 56, 2100]],
    ['yolox', [1, 2100, 85]],
    ['end-to-end', [1, 300, 6]],
  ] as const)('%s answers exactly the boxes it was given', async (layout, dims) => {
    const { dims: found, data } = await answer({ layout, size: 320, boxes: [lying] });
    expect(found).toEqual(dims);
    expect(
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).equals(
        Buffer.from(modelOutput(layout, 320, [lying]).data.buffer),
      ),
    ).toBe(true);
  });

  test('a bright picture shows the other boxes, a dark one the first', async () => {
    const options = { layout: 'end-to-end', size: 64, boxes: [], brightBoxes: [lying] } as const;
    expect((await answer(options, 0.2)).data[4]).toBe(0);
    expect((await answer(options, 0.8)).data[4]).toBeCloseTo(0.8);
  });

  test('nan, bad_shape and truncated are broken as their names describe', async () => {
    expect((await answer({ behaviour: 'nan', size: 64 })).data.every(Number.isNaN)).toBe(true);
    expect((await answer({ behaviour: 'bad_shape', size: 64 })).dims).toEqual([1, 7, 3]);
    await expect(answer({ behaviour: 'truncated', size: 64 })).rejects.toThrow(/protobuf|failed/i);
  });

  test('a slow model takes longer with more work and still answers', async () => {
    const started = performance.now();
    const { data } = await answer({ behaviour: 'slow', matmuls: 40, size: 64, layout: 'end-to-end', boxes: [lying] });
    expect(performance.now() - started).toBeGreaterThan(40);
    expect(data[4]).toBeCloseTo(0.8);
  });

  test('the file is small enough to make one for each test', async () => {
    await using folder = await tempFolder('model');
    expect(
      (await readFile(await makeModel({ file: folder.file('m.onnx'), layout: 'end-to-end' }))).length,
    ).toBeLessThan(20_000);
  });
});
