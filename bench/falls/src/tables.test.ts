import { clipRun } from './clip-run.fixture.ts';
import { missTable, sectionTable } from './tables.ts';

const rows = [
  {
    title: 'one',
    runs: [clipRun({ name: 'a', found: true, delaySeconds: 18.4 }), clipRun({ name: 'b', reason: 'never seen low' })],
  },
  { title: 'two', runs: [clipRun({ name: 'c', kind: 'adl', falseAlarms: 1, reason: 'alarm at 20 s' })] },
];

test('each part, model and rate has a line with its interval, and the pooled line comes first', () => {
  const lines = sectionTable({ pooled: true }, rows).split('\n').slice(2);
  expect(lines).toEqual([
    '| **all** | m | 1 | 3 | 1 of 2 | 50 % (9–91 %) | 1 (1 runs) | 0 | 18.4 | 18.4 |',
    '| one | m | 1 | 2 | 1 of 2 | 50 % (9–91 %) | – | 0 | 18.4 | 18.4 |',
    '| two | m | 1 | 1 | – | – | 1 (1 runs) | – | – | – |',
  ]);
});

test('parts that are judged in several pieces are one line', () => {
  const [first] = rows;
  const twice = [first, first].flatMap((row) => row ?? []);
  expect(sectionTable({ pooled: false }, twice).split('\n').slice(2)).toHaveLength(1);
});

test('the list of misses names each clip that failed, how often and why', () => {
  expect(missTable(rows).split('\n').slice(2)).toEqual([
    '| one | m | 1 | b | 1 of 1 | missed: never seen low |',
    '| two | m | 1 | c | 1 of 1 | false alarm: alarm at 20 s |',
  ]);
  expect(missTable([])).toBe('No fall was missed, and there was no false alarm.');
});
