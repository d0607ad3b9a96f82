/**
 * Makes the embedded model: `node scripts/model/make.mjs MODELS_DIR WEIGHTS_DIR FFMPEG`.
 * Nothing appears in MODELS_DIR unless the finished model finds on two pictures what the original finds.
 */
import { copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DESCRIPTIONS } from './descriptions.mjs';
import { createDetector } from './detector.mjs';
import { difference, EXPECTED_CONFIDENCE, EXPECTED_PEOPLE } from './expectations.mjs';
import { makeMoveNet } from './movenet.mjs';
import { provideWeights } from './weights.mjs';

/** Models that earlier versions made, and that this one cannot read. */
const REPLACED = ['centernet-512', 'centernet-512-turned'];
const STILLS = fileURLToPath(new URL('../../demo/stills', import.meta.url));

const [modelsDir, weightsDir, ffmpeg] = process.argv.slice(2);
if (!modelsDir || !weightsDir || !ffmpeg) {
  process.stderr.write('Usage: node scripts/model/make.mjs MODELS_DIR WEIGHTS_DIR FFMPEG\n');
  process.exit(2);
}
try {
  const model = await makeMoveNet(await provideWeights(weightsDir));
  await check(model, ffmpeg);
  await install(model, modelsDir);
} catch (error) {
  // Set-up shows the last line of this process: it must be the reason.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/**
 * @param {Uint8Array} model
 * @param {string} ffmpeg
 */
async function check(model, ffmpeg) {
  const detector = await createDetector({ model, ffmpeg });
  for (const [still, sizes] of Object.entries(EXPECTED_PEOPLE)) {
    for (const [size, expected] of Object.entries(sizes)) {
      const query = { size: Number(size), confidence: EXPECTED_CONFIDENCE };
      const problem = difference(await detector.people(join(STILLS, still), query), expected);
      if (problem)
        throw new Error(
          `The model does not find what the original finds: ${problem} in demo/stills/${still} at ${size}.`,
        );
    }
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
  for (const id of REPLACED) {
    for (const extension of ['onnx', 'json']) {
      await rm(join(modelsDir, `${id}.${extension}`), { force: true });
    }
  }
}
