import { clipRun } from './clip-run.fixture.ts';
import { summarise } from './summary.ts';
import { wilson } from './wilson.ts';

test('many runs of one clip are one trial: more starting points never make a figure look more certain', () => {
  const once = [clipRun({ name: 'a', found: true }), clipRun({ name: 'b' })];
  const often = Array.from({ length: 8 }, () => once).flat();
  expect(summarise(often).interval).toEqual(summarise(once).interval);
  expect(summarise(often)).toMatchObject({ falls: 16, found: 8, fallClips: 2, recall: 0.5, interval: wilson(1, 2) });
});

test('a fall that is found from half of the starting points counts half', () => {
  const runs = [clipRun({ found: true }), clipRun({ found: false })];
  expect(summarise(runs)).toMatchObject({ recall: 0.5, interval: wilson(0.5, 1) });
});

test('the delays of falls that were missed do not enter the median', () => {
  const runs = [20, 10, 90, undefined].map((delaySeconds) =>
    clipRun({ found: delaySeconds !== undefined, delaySeconds }),
  );
  expect(summarise(runs)).toMatchObject({ medianDelaySeconds: 20, worstDelaySeconds: 90 });
});

test('false alarms of quiet clips and of clips with a fall are kept apart, and none is lost', () => {
  const runs = [clipRun({ falseAlarms: 2, earlyClaims: 1 }), clipRun({ kind: 'adl', falseAlarms: 3 })];
  expect(summarise(runs)).toMatchObject({ falseAlarms: 5, quietAlarms: 3, quietRuns: 1, earlyClaims: 1 });
});

test('without a fall there is no recall', () => {
  expect(summarise([clipRun({ kind: 'adl' })])).toMatchObject({ recall: undefined, interval: undefined });
});
