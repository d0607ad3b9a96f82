import { REPO } from '../setup/paths.mjs';
import { commitsOf, faultLines, faultsOf, RULE_BEGAN } from './commit-messages.mjs';

const body = 'The reason, in a sentence.';

test('the commits of this clone have a short subject and a reason, so that a reader of the history learns why', () => {
  expect(faultLines(commitsOf(REPO, ['HEAD']) ?? [])).toEqual([]);
});

test.each([
  ['a short subject and a body', { subject: 'Keep room 3 monitored', body }, []],
  ['72 characters', { subject: 'ñ'.repeat(72), body }, []],
  ['73 characters', { subject: 'x'.repeat(73), body }, ['the subject has 73 characters, at most 72 are allowed']],
  ['a full stop', { subject: 'Keep room 3 monitored.', body }, ['the subject ends with a full stop']],
  ['no body', { subject: 'Keep room 3', body: '' }, ['a body that explains why is missing']],
  [
    'trailers only',
    { subject: 'Keep it', body: 'Signed-off-by: A <a@b.c>\n' },
    ['a body that explains why is missing'],
  ],
  [
    'a merge',
    { subject: "Merge branch 'x' of somewhere with a very long name, which git writes by itself", body: '' },
    [],
  ],
])('a commit with %s has the right faults', (_, commit, faults) => {
  expect(faultsOf(commit)).toEqual(faults);
});

test('a commit from before the rule is history and never fails', () => {
  const commit = { hash: 'abc', subject: 'x'.repeat(100), body: '' };
  expect(faultLines([{ ...commit, date: '2026-11-30T23:59:59Z' }])).toEqual([]);
  expect(faultLines([{ ...commit, date: RULE_BEGAN }])).toHaveLength(2);
});
