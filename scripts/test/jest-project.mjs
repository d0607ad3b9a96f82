import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { REPO } from '../setup/paths.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { saying } from '../setup/say.mjs';

/** @typedef {import('./tally.mjs').JestResult} JestResult */

const NODE_OPTIONS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const BEAT_MS = 60_000;

/**
 * Runs one project of jest.config.mjs; jest writes to the terminal itself.
 * @param {{ project: string, what: string, oneAtATime: boolean, args: string[] }} options `args`: from the command line
 * @returns {Promise<JestResult | undefined>} undefined when jest ended without a result
 */
export async function runJestProject({ project, what, oneAtATime, args }) {
  const results = join(REPO, 'test-results');
  const file = join(results, `${project}.json`);
  await mkdir(results, { recursive: true });
  await rm(file, { force: true });
  const jest = [...NODE_OPTIONS, join(REPO, 'node_modules/jest/bin/jest.js'), '--selectProjects', project];
  // Jest takes every bare word behind --selectProjects for a project: the words of the command line come last.
  const options = [...(oneAtATime ? ['--runInBand'] : []), '--passWithNoTests', '--json', `--outputFile=${file}`];
  await saying(what, () => runCommand(process.execPath, [...jest, ...options, ...args], { cwd: REPO, show: true }), {
    beatMs: BEAT_MS,
  });
  return readFile(file, 'utf8').then(JSON.parse, () => undefined);
}
