import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { missingPackages } from './missing-packages.mjs';
import { REPO } from './paths.mjs';
import { lastOutput, runCommand } from './run-command.mjs';
import { saying } from './say.mjs';
import { SetupError } from './setup-error.mjs';

/** Makes node_modules match package-lock.json, if it does not. */
export async function installPackages() {
  const [wanted, installed] = await Promise.all([
    readJson('package-lock.json'),
    readJson('node_modules/.package-lock.json'),
  ]);
  if (!wanted)
    throw new SetupError('package-lock.json is missing or broken: restore it (git checkout package-lock.json).');
  if (installed && missingPackages(wanted, installed).length === 0) return;
  const why = installed ? 'package-lock.json has changed' : 'the first time this takes a minute';
  const result = await saying(`Installing packages with npm ci (${why})`, () => npm(['ci', '--no-progress']));
  if (result.code !== 0) {
    throw new SetupError(
      `npm ci failed: ${lastOutput(result)}. Check the connection to the package registry, then run the command again.`,
    );
  }
}

/**
 * npm as it is running now, or the one on the PATH.
 * @param {string[]} args
 * @param {import('./run-command.mjs').CommandOptions} [options]
 */
export function npm(args, options) {
  const running = process.env.npm_execpath;
  const [command, ...before] = running?.endsWith('.js') ? [process.execPath, running] : ['npm'];
  return runCommand(command, [...before, ...args], { cwd: REPO, ...options });
}

/** @param {string} path */
async function readJson(path) {
  try {
    return JSON.parse(await readFile(join(REPO, path), 'utf8'));
  } catch {
    return undefined;
  }
}
