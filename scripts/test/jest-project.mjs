import { mkdir, readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { REPO } from '../setup/paths.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { say, saying } from '../setup/say.mjs';
import { watchRun } from './run-watch.mjs';
import { failedFiles, lastResults, passedSecond } from './tally.mjs';

/** @typedef {import('./tally.mjs').JestResult} JestResult */
/**
 * @typedef {{ project: string, what: string, workers: string, args: readonly string[], beside?: boolean }} JestRun `workers`: jest's
 *   flag for how many files at a time; `args`: from the command line; `beside`: with what others leave of the machine; only the
 *   line of each file is shown at once, the rest at the end
 */

const NODE_OPTIONS = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
const BEAT_MS = 60_000;
const MOST_AGAIN = 3;

/** @param {string} line of jest's output; those with the outcome of a file are shown at once */
function sayOutcomes(line) {
  if (/^(PASS|FAIL) /.test(line)) {
    say(line);
  }
}

/**
 * Runs one project of jest.config.mjs; jest writes to the terminal itself.
 * @param {JestRun} options
 * @returns {Promise<JestResult | undefined>} undefined when jest ended without a result
 */
export async function runJestProject({ project, what, workers, args, beside = false }) {
  const results = join(REPO, 'test-results');
  const file = join(results, `${project}.json`);
  await mkdir(results, { recursive: true });
  await rm(file, { force: true });
  await rm(`${file}.running`, { force: true });
  const jest = [...NODE_OPTIONS, join(REPO, 'node_modules/jest/bin/jest.js'), '--selectProjects', project];
  // Jest takes every bare word behind --selectProjects for a project: the words of the command line come last.
  const options = [workers, '--passWithNoTests', '--json', `--outputFile=${file}`];
  const watch = watchRun(file);
  const onLine = beside ? sayOutcomes : undefined;
  const run = () =>
    runCommand(process.execPath, [...jest, ...options, ...args], {
      cwd: REPO,
      show: !beside,
      beside,
      until: watch.signal,
      onLine,
    });
  const detail = () =>
    watch
      .running()
      .map((name) => ` ${name}`)
      .join(',');
  const { output } = await saying(what, run, { beatMs: BEAT_MS, detail }).finally(watch.stop);
  if (beside) {
    say(output.trim());
  }
  if (watch.fault() !== '') {
    say(`ENDED: ${project} tests (${watch.running().join(', ') || 'none running'}): ${watch.fault()}`);
  }
  return readFile(file, 'utf8').then(JSON.parse, () => undefined);
}

/**
 * Runs up to three files that failed once more, for tests with real processes, engines and browsers on a shared machine: for when
 * nothing else runs. Twice red is red; what passed only the second time is named, because it has to be examined.
 * @param {JestRun} options of the first run
 * @param {JestResult | undefined} first
 * @returns {Promise<{ result: JestResult | undefined, onlySecondTime: string[] }>} `onlySecondTime`: paths in the repository
 */
export async function runFailedAgain(options, first) {
  const failed = first ? failedFiles(first) : [];
  if (!first || failed.length === 0 || failed.length > MOST_AGAIN) return { result: first, onlySecondTime: [] };
  const names = failed.map((name) => relative(REPO, name)).join(', ');
  const args = [...options.args, '--runTestsByPath', ...failed];
  const again = await runJestProject({ ...options, what: `Running again what failed: ${names}`, args, beside: false });
  if (!again) return { result: first, onlySecondTime: [] };
  const onlySecondTime = passedSecond(first, again).map((name) => relative(REPO, name));
  return { result: lastResults(first, again), onlySecondTime };
}
