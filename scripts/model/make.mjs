/**
 * Makes the embedded default model: `node scripts/model/make.mjs MODELS_DIR FFMPEG`.
 * Nothing appears in MODELS_DIR unless the finished model finds on two pictures what the original finds.
 */
import { copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCenterNet } from './centernet.mjs';
import { DESCRIPTIONS } from './descriptions.mjs';
import { createDetector } from './detector.mjs';
import { difference, EXPECTED_CONFIDENCE, EXPECTED_PEOPLE } from './expectations.mjs';

const REPO = fileURLToPath(new URL('../../', import.meta.url));
const SOURCE = join(REPO, 'node_modules/@vladmandic/human/models/centernet.json');
const STILLS = join(REPO, 'demo/stills');
const TOLERANCE = { confidence: 0.03, iou: 0.9 };

const [modelsDir, ffmpeg] = process.argv.slice(2);
if (!modelsDir || !ffmpeg) {
  process.stderr.write('Usage: node scripts/model/make.mjs MODELS_DIR FFMPEG\n');
  process.exit(2);
}
const model = await makeCenterNet(SOURCE);
await check(model, ffmpeg);
await install(model, modelsDir);

/**
 * @param {Uint8Array} model
 * @param {string} ffmpeg
 */
async function check(model, ffmpeg) {
  const detector = await createDetector({ model, ffmpeg });
  for (const [still, expected] of Object.entries(EXPECTED_PEOPLE)) {
    const found = await detector.people(join(STILLS, still), EXPECTED_CONFIDENCE);
    const problem = difference(found, expected, TOLERANCE);
    if (problem)
      throw new Error(`The default model does not do what the original does: ${problem} in demo/stills/${still}.`);
  }
  await detector.close();
}

/**
 * Each file appears whole or not at all: another set-up may be running.
 * @param {Uint8Array} model
 * @param {string} modelsDir
 */
async function install(model, modelsDir) {
  const work = join(modelsDir, `.new-${process.pid}`);
  await mkdir(work, { recursive: true });
  const [first = '', ...others] = Object.keys(DESCRIPTIONS);
  await writeFile(join(work, `${first}.onnx`), model);
  for (const id of others) {
    await link(join(work, `${first}.onnx`), join(work, `${id}.onnx`)).catch(() =>
      copyFile(join(work, `${first}.onnx`), join(work, `${id}.onnx`)),
    );
  }
  for (const [id, description] of Object.entries(DESCRIPTIONS)) {
    await writeFile(join(work, `${id}.json`), `${JSON.stringify(description, null, 2)}\n`);
    await rename(join(work, `${id}.json`), join(modelsDir, `${id}.json`));
    await rename(join(work, `${id}.onnx`), join(modelsDir, `${id}.onnx`));
  }
  await rm(work, { recursive: true });
}
