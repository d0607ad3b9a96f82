/**
 * What is used of jest's `--json` result: the state of each file and of each of its tests.
 * @typedef {{ name: string, status: string, assertionResults: { status: string }[] }} FileResult
 * @typedef {{ testResults: FileResult[] }} JestResult
 */
/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

const SKIPPED = ['pending', 'skipped', 'todo', 'disabled'];

/**
 * @param {(JestResult | undefined)[]} results undefined: jest ended without one, which counts as a failure
 * @param {number} failedChecks other checks that failed count as one each: "0 failed" must mean that all is well
 * @returns {Tally}
 */
export function tally(results, failedChecks) {
  const total = { passed: 0, failed: failedChecks, skipped: 0 };
  for (const result of results) {
    if (!result) {
      total.failed += 1;
    }
    for (const file of result?.testResults ?? []) {
      /** @param {string[]} states */
      const count = (...states) => file.assertionResults.filter(({ status }) => states.includes(status)).length;
      total.passed += count('passed');
      total.skipped += count(...SKIPPED);
      // A file can fail without a failed test: it did not load, or what it does after its tests failed.
      total.failed += file.status === 'failed' ? Math.max(1, count('failed')) : 0;
    }
  }
  return total;
}

/**
 * @param {JestResult} result
 * @returns {string[]} paths of the files that failed
 */
export function failedFiles({ testResults }) {
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

/**
 * @param {JestResult} first
 * @param {JestResult} again of some of the same files
 * @returns {JestResult} each file's last result
 */
export function lastResults(first, again) {
  const names = new Set(again.testResults.map(({ name }) => name));
  return { testResults: [...first.testResults.filter(({ name }) => !names.has(name)), ...again.testResults] };
}

/**
 * @param {JestResult} first
 * @param {JestResult} again
 * @returns {string[]} paths of the files that failed first and passed then
 */
export function passedSecond(first, again) {
  const passed = new Set(again.testResults.filter(({ status }) => status === 'passed').map(({ name }) => name));
  return failedFiles(first).filter((name) => passed.has(name));
}

/**
 * @param {Tally} tally
 * @returns {string} the closing line that CI reads
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
