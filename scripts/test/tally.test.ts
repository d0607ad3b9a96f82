import { closingLine, failedFiles, type JestResult, lastResults, passedSecond, tally } from './tally.mjs';

const file = (name: string, ...states: string[]) => ({
  name,
  status: states.includes('failed') ? 'failed' : 'passed',
  assertionResults: states.map((status) => ({ status })),
});
const good: JestResult = { testResults: [file('good', 'passed', 'passed', 'pending')] };
const bad: JestResult = { testResults: [file('bad', 'passed', 'failed', 'todo'), file('fine', 'passed')] };
const unloaded: JestResult = { testResults: [{ ...file('unloaded'), status: 'failed' }] };

test('adds the numbers of both runs', () => {
  expect(closingLine(tally([good, bad], 0))).toBe('4 passed, 1 failed, 2 skipped');
});

test('without skipped tests the line ends with the failures', () => {
  expect(closingLine(tally([{ testResults: [file('all', 'passed')] }], 0))).toBe('1 passed, 0 failed');
});

test.each([
  ['a file that could not be loaded', [unloaded], 0],
  ['jest ending without a result', [good, undefined], 0],
  ['another check', [good], 1],
])('%s counts as a failure: "0 failed" means that all is well', (_, results, failedChecks) => {
  expect(tally(results, failedChecks).failed).toBe(1);
});

test('a file that is run again counts by its last result only', () => {
  expect(failedFiles(bad)).toEqual(['bad']);
  const passedAgain = lastResults(bad, { testResults: [file('bad', 'passed', 'passed', 'todo')] });
  expect(tally([passedAgain], 0)).toEqual({ passed: 3, failed: 0, skipped: 1 });
  expect(tally([lastResults(bad, bad)], 0)).toEqual(tally([bad], 0));
});

test('a file that passed only the second time is named; one that failed twice or was not run again is not', () => {
  const first: JestResult = { testResults: [file('racy', 'failed'), file('broken', 'failed'), file('cut', 'failed')] };
  const again: JestResult = { testResults: [file('racy', 'passed'), file('broken', 'failed')] };
  expect(passedSecond(first, again)).toEqual(['racy']);
  expect(tally([lastResults(first, again)], 0)).toEqual({ passed: 1, failed: 2, skipped: 0 });
});
