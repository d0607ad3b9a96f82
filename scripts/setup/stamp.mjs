/** A stamp remembers from what something was made, so that it is not made again from the same. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CACHE } from './paths.mjs';

const NOT_SOURCE = /^(node_modules|dist|\.turbo)$|\.(test|test-d)\.ts$|\.tsbuildinfo$/;

/**
 * @param {string[]} paths files and folders (with all in them but tests, packages and results)
 * @returns {Promise<string>} hash of names and contents; a missing path counts as missing
 */
export async function digest(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    await add(hash, path);
  }
  return hash.digest('hex');
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path
 */
async function add(hash, path) {
  const entry = await stat(path).catch(() => undefined);
  if (entry?.isDirectory()) {
    for (const name of (await readdir(path)).sort()) {
      if (!NOT_SOURCE.test(name)) {
        await add(hash, join(path, name));
      }
    }
    return;
  }
  hash.update(`\0${path}\0`);
  if (entry) {
    hash.update(await readFile(path));
  }
}

/**
 * @param {string} name
 * @returns {Promise<string | undefined>}
 */
export function readStamp(name) {
  return readFile(stampFile(name), 'utf8').catch(() => undefined);
}

/**
 * @param {string} name
 * @param {string} value
 */
export async function writeStamp(name, value) {
  await mkdir(dirname(stampFile(name)), { recursive: true });
  await writeFile(stampFile(name), value);
}

/** @param {string} name */
function stampFile(name) {
  return join(CACHE, 'stamps', name);
}
