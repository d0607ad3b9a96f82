import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';
import { figureComment, type QuotedFigure, quotedParagraph, readFigure, withParagraph } from './quoted-figure.ts';

const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');

test.each([
  ['README.md', 'en'],
  ['README.es.md', 'es'],
] as const)('%s quotes the figure of the report and no better one', (file, language) => {
  const figure = readFigure(read('docs/fall-evaluation.md'));
  expect(figure).toBeDefined();
  const readme = read(file);
  expect(withParagraph(readme, quotedParagraph(figure as QuotedFigure, language))).toBe(readme);
});

const figure: QuotedFigure = {
  model: 'm',
  rates: [{ fps: 1, recall: 0.952, low: 0.77, high: 0.99, fallClips: 20, falseAlarms: 1, quietRuns: 32 }],
};

test('a figure that was written into a report is read again unchanged', () => {
  expect(readFigure(`# Report\n\n${figureComment(figure)}\n`)).toEqual(figure);
  expect(readFigure('# Report')).toBeUndefined();
});

test('the quoted sentence names the interval, the number of falls and the false alarms', () => {
  expect(quotedParagraph(figure, 'en')).toContain(
    '95 % (77–99 %) of 20 filmed falls found at 1 fps with 1 false alarm',
  );
});

test('a README that lost its marks is an error, because its figure would stay old', () => {
  expect(() => withParagraph('# Vigilia', quotedParagraph(figure, 'en'))).toThrow('has no marks');
});
