import { parseOptions } from './options.ts';

const root = '/nowhere';

test.each([
  [['--half', 'both'], '--half must be tuning or quoted'],
  [['--rate', '0'], '--rate must be a number'],
  [['--model', 'no-such-model'], 'The model no-such-model is in none of'],
])('%j is refused with a sentence: figures of something else would be quoted', (argv, sentence) => {
  expect(() => parseOptions(argv, root)).toThrow(sentence);
});

test('with nothing said all is evaluated and the document written; with a rate, only that', () => {
  expect(parseOptions([], root)).toMatchObject({ report: '/nowhere/docs/fall-evaluation.md', nights: true });
  expect(parseOptions(['--rate', '1'], root)).toMatchObject({ report: undefined, nights: false, rates: [1] });
});
