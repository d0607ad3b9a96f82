import { parseOptions } from './options.ts';

const root = '/nowhere';

test.each([
  [['--split', 'both'], '--split must be one of cross, look-back, subjects'],
  [['--rate', '0'], '--rate must be a number from 0.01 to 30, frames per second (got 0)'],
  [['--model', 'no-such-model'], 'The model no-such-model is in none of'],
])('%j is rejected with a sentence, because figures of something else would be quoted', (argv, sentence) => {
  expect(() => parseOptions(argv, root)).toThrow(sentence);
});

test('a rate that is asked for replaces the reported ones, and the documents stay as they are', () => {
  expect(parseOptions(['--freeze', '--rate', '1'], root)).toMatchObject({
    report: undefined,
    rates: [1],
    task: 'freeze',
  });
});
