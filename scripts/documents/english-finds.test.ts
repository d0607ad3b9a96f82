import { compare, findsIn } from './english-finds.mjs';

const words = (file: string, content: string): string[] => findsIn(file, content).map(({ word }) => word);

describe('the check of the language', () => {
  it.each([
    ['docs/alerts.md', 'The processor tells whoever listens.', ['whoever', 'tells']],
    ['docs/alerts.md', 'It analyses 1 frame a second.', ['frame a second']],
    [
      'docs/alerts.md',
      'A person is on the floor since 15:10, and the camera is gone.',
      ['is on the floor since', 'is gone'],
    ],
    ['docs/alerts.md', 'This is no medical device.', ['is no medical']],
    ['apps/x/src/some.ts', "/** What the house said. */ const told = 'nobody is on the way';", ['said', 'the house']],
    ['apps/x/src/some.test.ts', "it('tells everybody', () => {});", ['everybody', 'tells']],
    ['deploy/some.conf', 'listener 1883 # for everybody', ['everybody']],
    ['README.es.md', 'Los incidentes de la casa', ['incidentes', 'la casa']],
  ])('finds in %s what a reader would notice: %s', (file, content, expected) => {
    expect(words(file, content).sort()).toEqual([...expected].sort());
  });

  it.each([
    ['apps/x/src/en.ts', "'Nobody is on the way yet.'"],
    ['docs/alerts.md', 'There is no limit. The camera is no longer blind. One frame per second.'],
    ['docs/alerts.md', 'Run `say` or\n```bash\necho "said"\n```\n'],
    ['apps/x/src/some.ts', 'const told = tell(house, /nobody/); // plain'],
    ['docs/commands.md', 'Generated: whoever'],
  ])('leaves names, code and plain sentences in %s alone: %s', (file, content) => {
    expect(words(file, content)).toEqual([]);
  });

  it('reports the line, so that an editor can go there', () => {
    const [found] = findsIn('apps/x/src/some.ts', 'const a = 1;\n\n// somebody\n');
    expect(found).toMatchObject({ line: 3, word: 'somebody', text: '// somebody' });
  });

  it('reports a file with more words and one with fewer, so that the baseline only shrinks', () => {
    expect(compare({ a: 2, b: 1, c: 3 }, { a: 2, b: 2, c: 1, d: 1 })).toEqual({ more: ['c'], fewer: ['b', 'd'] });
  });
});
