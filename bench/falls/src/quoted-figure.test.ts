import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';
import {
  figureComment,
  type QuotedFigure,
  quotedParagraph,
  quotingDocuments,
  readFigure,
  withParagraph,
} from './quoted-figure.ts';

const read = (file: string): string => readFileSync(join(repoRoot, file), 'utf8');

const readme = { file: 'README.md', language: 'en', report: 'docs/fall-evaluation.md' } as const;

test.each(quotingDocuments)('$file quotes the figure of the report and no better one', (quoting) => {
  const figure = readFigure(read('docs/fall-evaluation.md'));
  expect(figure).toBeDefined();
  const text = read(quoting.file);
  expect(withParagraph(text, quotedParagraph(figure as QuotedFigure, quoting))).toBe(text);
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
  expect(quotedParagraph(figure, readme)).toContain(
    '95 % (77–99 %) of 20 filmed falls found at 1 fps with 1 false alarm',
  );
});

test('a document that lost its marks is an error, because its figure would stay old', () => {
  expect(() => withParagraph('# Vigilia', quotedParagraph(figure, readme))).toThrow('has no marks');
});
