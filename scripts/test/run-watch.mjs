import { readFile, stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { REPO } from '../setup/paths.mjs';

/** @typedef {{ lookMs: number, afterResultsMs: number, perFileMs: number }} RunLimits */

/** @type {RunLimits} a file of tests may take 20 minutes; jest ends within 30 s of writing its results unless a test left something open */
const LIMITS = { lookMs: 2_000, afterResultsMs: 30_000, perFileMs: 20 * 60_000 };

/**
 * Watches a run of jest through the files that it writes, so that a test that hangs or leaves something open cannot hold the gate.
 * @param {string} results jest's `--outputFile`; `running-files.cjs` writes beside it
 * @param {RunLimits} [limits]
 */
export function watchRun(results, limits = LIMITS) {
  const over = new AbortController();
  /** @type {string[]} */
  let running = [];
  let fault = '';
  /** @param {string} why */
  const end = (why) => {
    if (fault === '') {
      fault = why;
    }
    over.abort();
  };
  const look = async () => {
    running = await runningFiles(results);
    if ((await ageMs(results)) > limits.afterResultsMs) {
      end('a test left something open: all results were there, and jest did not end');
    }
    const since = await ageMs(`${results}.running`);
    if (since > limits.perFileMs) {
      end(`no file of tests ended for ${Math.round(since / 60_000)} min`);
    }
  };
  const timer = setInterval(() => void look(), limits.lookMs);
  return {
    /** Aborted when jest has to be ended. */
    signal: over.signal,
    /** @returns {readonly string[]} the files of tests that ran when they were last read, as paths in the repository */
    running: () => running,
    /** @returns {string} why jest had to be ended; empty when it ended by itself */
    fault: () => fault,
    stop: () => clearInterval(timer),
  };
}

/**
 * @param {string} results
 * @returns {Promise<string[]>}
 */
async function runningFiles(results) {
  const text = await readFile(`${results}.running`, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => relative(REPO, path));
}

/**
 * @param {string} file
 * @returns {Promise<number>} since it was last written; 0 when it is not there
 */
async function ageMs(file) {
  const found = await stat(file).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
}
