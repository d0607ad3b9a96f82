import { writeFileSync } from 'node:fs';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { findModel, listModels } from './model-files.ts';

let folder: TempFolder;
beforeEach(async () => {
  folder = await tempFolder('models');
  for (const name of ['yolo-b.onnx', 'yolo-a.onnx', 'yolo-a.json', 'notes.txt']) {
    writeFileSync(folder.file(name), '{}');
  }
});
afterEach(() => folder.remove());

test('a model is its file, with the description beside it', () => {
  expect(listModels(folder.path)).toEqual(['yolo-a', 'yolo-b']);
  expect(findModel(folder.path, 'yolo-a')).toEqual({
    modelPath: folder.file('yolo-a.onnx'),
    jsonPath: folder.file('yolo-a.json'),
  });
});

test('an id that is not there is answered with those that are', () => {
  expect(() => findModel(folder.path, 'yolo-c')).toThrow(
    expect.objectContaining({ code: 'model_not_found', message: expect.stringContaining('yolo-a, yolo-b') }),
  );
  expect(() => findModel('/nowhere', 'x')).toThrow(/there is none/);
});

test.each(['../yolo-a', '..', 'a/b', ''])('"%s" never leaves the folder', (id) => {
  expect(() => findModel(folder.path, id)).toThrow(expect.objectContaining({ code: 'model_not_found' }));
});
