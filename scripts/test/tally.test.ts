import { closingLine, type JestResult, tally } from './tally.mjs';

const result = (changes: Partial<JestResult> = {}): JestResult => ({
  numPassedTests: 10,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  ...changes,
});

test('both runs are added up', () => {
  const total = tally([result({ numPendingTests: 2 }), result({ numFailedTests: 1, numTodoTests: 1 })], 0);
  expect(closingLine(total)).toBe('20 passed, 1 failed, 3 skipped');
});

test('without skipped tests the line ends with the failures', () => {
  expect(closingLine(tally([result()], 0))).toBe('10 passed, 0 failed');
});

test.each([
  ['a file that could not be loaded', [result({ numRuntimeErrorTestSuites: 1 })], 0],
  ['jest ending without a result', [result(), undefined], 0],
  ['another check', [result()], 1],
])('%s counts as a failure: "0 failed" means that all is well', (_, results, failedChecks) => {
  expect(tally(results, failedChecks).failed).toBe(1);
});
