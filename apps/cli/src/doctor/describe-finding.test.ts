import { describeFinding } from './describe-finding.ts';

test('a finding that needs action shows its remedy on a line of its own', () => {
  const finding = {
    check: 'room 4',
    result: 'warning',
    code: 'picture_dark',
    detail: 'dark',
    remedy: 'Add a lamp.',
  } as const;
  expect(describeFinding(finding)).toBe('WARNING  room 4: dark\n         → Add a lamp.');
});
