import { exportsOf } from './module-graph.mjs';
import { textFiles } from './repository-files.mjs';

/** Names with the same meaning in every file that exports them. */
const sameMeaning: Readonly<Record<string, string>> = {
  Language: 'a language of texts for people; page and alerts have lists of their own',
  Zone: 'a zone of a room; packages/vision may not import the protocol',
  main: 'the entry of a service',
  settingsSpec: 'the settings of a service',
};

const isShipped = (file: string): boolean =>
  /^(apps|packages)\/.*\/src\/.*\.tsx?$/.test(file) &&
  !/^packages\/testing\/|\.test\.tsx?$|\.fixture\.ts$|\/(test-support|testing|integration|simulation)\//.test(file);

/** Exported name → the files that declare it. */
function declarations(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of textFiles().filter(isShipped)) {
    for (const { name } of exportsOf(file)) {
      found.set(name, (found.get(name) ?? new Set()).add(file));
    }
  }
  return found;
}

describe('exported names', () => {
  const declared = declarations();
  const repeated = [...declared].filter(([, files]) => files.size > 1).map(([name]) => name);

  it('have one meaning in the whole repository, so that a reader who searches for one finds one thing', () => {
    const unknown = repeated.filter((name) => !(name in sameMeaning));
    const sentences = unknown.map((name) => `${name} is exported by ${[...(declared.get(name) ?? [])].join(' and ')}`);
    expect(sentences).toEqual([]);
  });

  it('that are declared only once are not listed as shared', () => {
    expect(Object.keys(sameMeaning).filter((name) => !repeated.includes(name))).toEqual([]);
  });
});
