import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ffmpegPath,
  makeModel,
  makeRectangleModel,
  moveWeightsOut,
  rectangleLayouts,
  repoRoot,
  requires,
  testData,
} from '@vigilia/testing';
import { checkModelSpeed } from '../doctor/check-model.ts';
import { addModel } from './add-model.ts';
import { checkModel, describeReport } from './check-model.ts';
import { saveCalibration } from './save-calibration.ts';

const picture = join(repoRoot, 'demo/stills/still-standing.png');

function folder() {
  return mkdtempSync(join(tmpdir(), 'vigilia-models-'));
}

requires('ffmpeg')('models check and add', () => {
  test('a model is tried before it is copied, and a broken one leaves nothing behind', async () => {
    const [source, modelsDir] = [folder(), folder()];
    const file = join(source, 'good.onnx');
    await makeModel({ file, layout: 'yolo-detect', size: 64 });
    const broken = join(source, 'broken.onnx');
    writeFileSync(broken, 'not a model');

    const report = await addModel({ file, modelId: 'mine-64', modelsDir, picture, replace: false });
    expect(report).toMatchObject({ model_id: 'mine-64', layout: 'yolo-detect', input: { width: 64, height: 64 } });
    expect(describeReport(report)).toContain('output0 [1,84,84]');
    await expect(
      addModel({ file: broken, modelId: 'other', modelsDir, picture, replace: false }),
    ).rejects.toMatchObject({
      code: 'model_invalid',
    });
    await expect(addModel({ file, modelId: 'mine-64', modelsDir, picture, replace: false })).rejects.toMatchObject({
      code: 'model_exists',
    });
    await expect(addModel({ file, modelId: '../evil', modelsDir, picture, replace: false })).rejects.toMatchObject({
      code: 'invalid_settings',
    });
    expect(readdirSync(modelsDir)).toEqual(['mine-64.onnx']);
  });

  test('--replace: the model that is there from then on is read as it was tried, not by what was beside the old one', async () => {
    const [source, modelsDir] = [folder(), folder()];
    const [described, plain] = [join(source, 'described.onnx'), join(source, 'plain.onnx')];
    await makeModel({ file: described, layout: 'yolo-detect', size: 64 });
    await makeModel({ file: plain, layout: 'yolo-detect', size: 96 });
    writeFileSync(join(source, 'described.json'), JSON.stringify({ passes: [0, 90, -90] }));
    const add = (file: string) => addModel({ file, modelId: 'mine', modelsDir, picture, replace: true });

    await add(described);
    expect(readdirSync(modelsDir)).toEqual(['mine.json', 'mine.onnx']);
    expect(await add(plain)).toMatchObject({ input: { width: 96 }, passes: [0] });
    expect(readdirSync(modelsDir)).toEqual(['mine.onnx']);
    const report = await checkModel({ modelsDir, modelId: 'mine', picture, confidence: 0.25 });
    expect(report).toMatchObject({ input: { width: 96 }, passes: [0] });
    expect(await add(described)).toMatchObject({ input: { width: 64 }, passes: [0, 90, -90] });
    expect(readdirSync(modelsDir)).toEqual(['mine.json', 'mine.onnx']);
  });

  test('a model that finds no person is added with a clear warning, and doctor fails it', async () => {
    const [source, modelsDir] = [folder(), folder()];
    const file = join(source, 'no-person.onnx');
    await makeModel({ file, layout: 'yolo-detect', size: 64, boxes: [] });
    const report = await addModel({ file, modelId: 'no-person', modelsDir, picture, replace: false });
    expect(report.person_confidence).toBe(0);
    expect(describeReport(report)).toMatch(/^WARNING: the model finds no person.*"force".*docs\/models\.md/s);
    expect(await checkModelSpeed({ modelsDir, modelId: 'no-person', picture, maxFps: 0.1 })).toMatchObject({
      result: 'failed',
      detail: expect.stringContaining('finds no person'),
      remedy: expect.stringContaining('docs/models.md'),
    });
    await makeModel({ file: join(modelsDir, 'good.onnx'), layout: 'yolo-detect', size: 64 });
    const good = await checkModel({ modelsDir, modelId: 'good', picture, confidence: 0.25 });
    expect(describeReport(good)).not.toContain('WARNING');
    expect(describeReport(good)).toContain('person in the embedded picture: found, 0.9');
  });

  test('a batch of several frames is refused in words, not by ONNX Runtime', async () => {
    const modelsDir = folder();
    const outputs = rectangleLayouts.detect();
    await makeRectangleModel({ file: join(modelsDir, 'batch.onnx'), outputs, batch: 16 });
    await expect(checkModel({ modelsDir, modelId: 'batch', picture, confidence: 0.25 })).rejects.toMatchObject({
      code: 'model_invalid',
      message: expect.stringMatching(/fixed batch of 16 frames.*batch size 1/),
    });
  });

  test('weights in a file of their own are copied too, and never replace those of another model', async () => {
    const [source, modelsDir] = [folder(), folder()];
    const file = join(source, 'large.onnx');
    await makeModel({ file, layout: 'yolo-detect', size: 64 });
    const weights = await moveWeightsOut(file, 'large.onnx.data');
    const add = (modelId: string) => addModel({ file, modelId, modelsDir, picture, replace: true });

    expect(await add('mine')).toMatchObject({ model_id: 'mine', input: { width: 64 } });
    expect(readdirSync(modelsDir)).toEqual(['large.onnx.data', 'mine.onnx']);
    expect(await checkModel({ modelsDir, modelId: 'mine', picture, confidence: 0.25 })).toMatchObject({
      layout: 'yolo-detect',
    });
    expect(await add('mine')).toMatchObject({ model_id: 'mine' });
    await expect(add('other')).rejects.toMatchObject({
      code: 'model_exists',
      message: expect.stringContaining('mine'),
    });
    rmSync(weights);
    await expect(add('mine')).rejects.toMatchObject({
      code: 'model_invalid',
      message: expect.stringContaining('keeps its weights in large.onnx.data'),
      remedy: expect.stringContaining('onnx.save'),
    });
    expect(readdirSync(modelsDir)).toEqual(['large.onnx.data', 'mine.onnx']);
  });

  test('a model that is replaced takes its file of weights with it', async () => {
    const [source, modelsDir] = [folder(), folder()];
    const [large, single] = [join(source, 'large.onnx'), join(source, 'single.onnx')];
    await makeModel({ file: large, layout: 'yolo-detect', size: 64 });
    await moveWeightsOut(large, 'large.onnx.data');
    await makeModel({ file: single, layout: 'yolo-detect', size: 64 });
    await addModel({ file: large, modelId: 'mine', modelsDir, picture, replace: true });
    await addModel({ file: single, modelId: 'mine', modelsDir, picture, replace: true });
    expect(readdirSync(modelsDir)).toEqual(['mine.onnx']);
  });

  test('an unknown id lists the ones that exist', async () => {
    const modelsDir = folder();
    await makeModel({ file: join(modelsDir, 'here.onnx'), layout: 'yolo-detect', size: 64 });
    await expect(checkModel({ modelsDir, modelId: 'gone', picture, confidence: 0.25 })).rejects.toThrow(/here/);
  });
});

requires('ffmpeg', 'model')('models check --pictures', () => {
  const clip = (room: number) => join(repoRoot, 'demo/rooms', `${room}.mp4`);
  /** One picture for every two seconds of a clip. */
  function film(folder: string, room: number): void {
    mkdirSync(folder, { recursive: true });
    const args = ['-v', 'error', '-i', clip(room), '-vf', 'fps=1/2', join(folder, `${room}-%02d.png`)];
    execFileSync(ffmpegPath() ?? 'ffmpeg', args);
  }
  function embeddedModel(modelsDir: string, id: string): void {
    const embedded = process.env.VIGILIA_MODELS_DIR ?? join(repoRoot, '.cache/vigilia/models');
    copyFileSync(join(embedded, 'movenet.onnx'), join(modelsDir, `${id}.onnx`));
  }

  test('measures what the confidences of a model mean, and a processor that loads it knows them then', async () => {
    const [pictures, modelsDir] = [folder(), folder()];
    embeddedModel(modelsDir, 'mine');
    for (const room of [0, 7]) {
      film(join(pictures, 'people'), room);
    }
    for (const room of [3, 6]) {
      film(join(pictures, 'empty'), room);
    }
    const check = { modelsDir, modelId: 'mine', picture, confidence: 0.25 };

    const { calibration, measured } = await checkModel({ ...check, pictures });
    expect(calibration.source).toBe('default');
    if (measured === undefined) throw new Error('nothing was measured');
    // the woman is hidden at the beginning and at the end of the clips
    expect(measured.people.found / measured.people.pictures).toBeGreaterThan(0.8);
    expect(measured.empty).toEqual({ pictures: 12, mistaken: 0 });
    expect(measured.calibration.joints).toBeDefined();

    writeFileSync(join(modelsDir, 'mine.json'), JSON.stringify({ note: 'ours' }));
    saveCalibration(modelsDir, 'mine', measured.calibration);
    expect(JSON.parse(readFileSync(join(modelsDir, 'mine.json'), 'utf8'))).toMatchObject({ note: 'ours' });
    const after = await checkModel(check);
    expect(after.calibration).toEqual({ source: 'json', calibration: measured.calibration });
    expect(describeReport(after)).toContain('from the JSON beside the model');
  });

  test('names what a folder of test pictures lacks', async () => {
    const [pictures, modelsDir] = [folder(), folder()];
    embeddedModel(modelsDir, 'mine');
    film(join(pictures, 'people'), 0);
    const check = { modelsDir, modelId: 'mine', picture, confidence: 0.25, pictures };
    await expect(checkModel(check)).rejects.toMatchObject({
      code: 'pictures_missing',
      message: expect.stringContaining('empty has 0 pictures'),
    });
  });

  test('does not overwrite a JSON that it cannot read', () => {
    const modelsDir = folder();
    writeFileSync(join(modelsDir, 'mine.json'), '{ broken');
    const calibration = { startConfidence: 0.3, continueConfidence: 0.2, furnitureConfidence: 0.5 };
    expect(() => saveCalibration(modelsDir, 'mine', calibration)).toThrow(/mine\.json is not a JSON object/);
    expect(readFileSync(join(modelsDir, 'mine.json'), 'utf8')).toBe('{ broken');
  });
});

requires('ffmpeg', 'data')('models check on the sample pictures', () => {
  test.each([
    ['yolov11n-640', [0.91, 0.85, 0.84, 0.47]],
    ['yolov8n-pose-640', [0.88, 0.88, 0.87, 0.33]],
  ])('%s finds the four people of bus.jpg', async (id, confidences) => {
    const modelsDir = folder();
    copyFileSync(testData('models', `${id}.onnx`), join(modelsDir, `${id}.onnx`));
    const report = await checkModel({ modelsDir, modelId: id, picture: testData('images/bus.jpg'), confidence: 0.25 });
    const people = report.found.filter((found) => found.class_name === 'person').map((found) => found.confidence);
    expect(people).toHaveLength(confidences.length);
    people.forEach((confidence, index) => {
      // the figures were measured with another scaler of ffmpeg
      expect(Math.abs(confidence - (confidences[index] ?? 0))).toBeLessThan(0.05);
    });
    expect(existsSync(join(modelsDir, `${id}.onnx`))).toBe(true);
  });
});
