import { chosenSections } from './evaluation.ts';
import { sections } from './sections.ts';

const splits = sections.map(({ id }) => id);
const parts = (modelId: string, modelsNamed: boolean): string[] =>
  chosenSections({ splits, modelsNamed }, modelId).map(({ id }) => id);

test('the embedded model is judged in every part, and test models at least in the part that is quoted', () => {
  expect(parts('movenet', false)).toEqual(splits);
  expect(parts('yolov8n-pose-640', false)).toContain('cross');
  expect(parts('yolov8n-pose-640', false)).not.toContain('disturbances');
});

test('a model that is named is judged in every part, so that no table is out of reach', () => {
  expect(parts('yolov8n-pose-640', true)).toEqual(splits);
});
