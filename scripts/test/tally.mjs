/**
 * What is used of jest's `--json` result.
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number,
 *   numRuntimeErrorTestSuites: number
 * }} JestResult
 */
/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/**
 * @param {(JestResult | undefined)[]} results undefined: jest ended without one, which counts as a failure
 * @param {number} failedChecks other checks that failed count as one each: "0 failed" must mean that all is well
 * @returns {Tally}
 */
export function tally(results, failedChecks) {
  const total = { passed: 0, failed: failedChecks, skipped: 0 };
  for (const result of results) {
    total.passed += result?.numPassedTests ?? 0;
    total.failed += result ? result.numFailedTests + result.numRuntimeErrorTestSuites : 1;
    total.skipped += result ? result.numPendingTests + result.numTodoTests : 0;
  }
  return total;
}

/**
 * @param {Tally} tally
 * @returns {string} the closing line that CI reads
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
