import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';
import { modelCard, withResults } from './model-card.ts';

const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');
const report = read('docs/fall-evaluation.md');

test('the model card shows the results of the report, the bad ones too, and no better ones', () => {
  const card = read(modelCard);
  expect(withResults(card, report)).toBe(card);
  expect(card).toMatch(/^\| Under disturbance \| night: .* % \(/m);
  expect(card).toMatch(/^\| Care homes and other places \| care homes \| .* % \(/m);
  expect(card).toMatch(/^Nights at .* fps: \d+ false alarms in \d+ simulated hours/m);
});

test('a card without marks, and a report that lost a part, are errors, because old results would stay', () => {
  expect(() => withResults('# Card', report)).toThrow('has no marks');
  expect(() => withResults(read(modelCard), report.replaceAll('| care homes |', '| homes |'))).toThrow(
    'has no row "care homes" at 0.1 fps',
  );
  expect(() => withResults(read(modelCard), report.replace('## Nights', '## Days'))).toThrow('no chapter "Nights"');
});
