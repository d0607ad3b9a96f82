import { countMissingBraces } from './braces.mjs';
import { folderCycles } from './folder-cycles.mjs';
import { relativeImports } from './imports.mjs';
import { countObjectSpreads } from './object-spreads.mjs';
import { countSingleReadings } from './page-readings.mjs';
import { readSource, sourceFiles } from './sources.mjs';

describe('folders that import each other', () => {
  const cyclesOf = (imports: Record<string, string[]>): string[] =>
    folderCycles(new Map(Object.entries(imports)), 'app/src');

  test('are found in the folder that has them, and a file that only joins or only serves them is not one', () => {
    expect(
      cyclesOf({
        'app/src/main.ts': ['app/src/input/read.ts', 'app/src/settings.ts'],
        'app/src/input/read.ts': ['app/src/output/write.ts', 'app/src/settings.ts'],
        'app/src/input/parse.ts': ['app/src/input/read.ts'],
        'app/src/output/write.ts': ['app/src/input/parse.ts'],
      }),
    ).toEqual(['app/src: input → output → input']);
    expect(
      cyclesOf({
        'app/src/main.ts': ['app/src/input/read.ts'],
        'app/src/input/read.ts': ['app/src/settings.ts', 'app/src/input/deep/parse.ts'],
      }),
    ).toEqual([]);
  });

  test('are found through a file beside them and inside of a folder', () => {
    expect(
      cyclesOf({
        'app/src/events.ts': ['app/src/input/read.ts'],
        'app/src/input/read.ts': ['app/src/events.ts'],
        'app/src/input/deep/parse.ts': ['app/src/input/text/trim.ts'],
        'app/src/input/text/trim.ts': ['app/src/input/deep/parse.ts'],
      }),
    ).toEqual(['app/src/input: deep → text → deep', 'app/src: events.ts → input → events.ts']);
  });

  test('exist in no app or package', () => {
    const sources = sourceFiles(/^(apps|packages)\/[^/]+\/src\/.*\.tsx?$/).filter(
      (path) => !/\.test\.tsx?$|\/test-support\//.test(path),
    );
    const imports = new Map(sources.map((path) => [path, relativeImports(path, readSource(path))]));
    const roots = new Set(sources.map((path) => path.split('/').slice(0, 3).join('/')));
    expect([...roots].flatMap((root) => folderCycles(imports, root))).toEqual([]);
  });
});

/** Parts of one service that do not know each other; what they share is in `schema`, `elasticsearch` and `settings`. */
const separated = {
  eventPath: ['input', 'documents', 'rollup', 'spool', 'output'],
  setUp: ['setup', 'dashboards'],
};

test('the event path of the event sink does not depend on set-up and dashboards, nor these on the event path', () => {
  const { eventPath, setUp } = separated;
  const inFolders = (path: string, folders: readonly string[]): boolean =>
    folders.some((folder) => path.startsWith(`apps/event-sink/src/${folder}/`));
  const crossings = sourceFiles(/^apps\/event-sink\/src\/.*\.ts$/)
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) => relativeImports(path, readSource(path)).map((target) => ({ path, target })))
    .filter(
      ({ path, target }) =>
        (inFolders(path, eventPath) && inFolders(target, [...setUp, 'simulator'])) ||
        (inFolders(path, setUp) && inFolders(target, [...eventPath, 'simulator'])),
    );
  expect(crossings).toEqual([]);
});

describe('spreads of object literals, which hide a list of keys', () => {
  test('are counted with and without a condition; the spread of a variable is not', () => {
    const code = `const a = { ...defaults, ...(given as Options), ...{ one: 1 }, ...(two && { two }), ...(x ? {} : { x }) };
      const b = [...(x ? [] : [{ x }])];`;
    expect(countObjectSpreads('a.ts', code)).toBe(3);
  });
});

describe('statements of branches and loops without braces', () => {
  test('are counted, except what leaves at once and the next condition of a chain', () => {
    expect(
      countMissingBraces(
        'a.ts',
        'function z() { if (a) return; for (;;) { if (b) break; } if (c) { d(); } else if (e) throw f; }',
      ),
    ).toBe(0);
    expect(
      countMissingBraces(
        'a.ts',
        'function z() { if (a) b(); else c(); for (const d of e) f(d); while (g) if (h) return; }',
      ),
    ).toBe(4);
  });
});

const everySource = sourceFiles(/^(apps|bench|deploy|packages|scripts)\/.*\.(ts|tsx|mjs|cjs)$/);
const folderOf = (path: string): string =>
  path
    .split('/')
    .slice(0, /^(apps|packages)/.test(path) ? 2 : 1)
    .join('/');

describe.each([...new Set(everySource.map(folderOf))])('the sources in %s', (folder) => {
  test('have braces, and no spreads of object literals', () => {
    const counts = everySource
      .filter((path) => folderOf(path) === folder)
      .map((path) => {
        const code = readSource(path);
        return { path, braces: countMissingBraces(path, code), spreads: countObjectSpreads(path, code) };
      });
    expect(counts.filter(({ braces }) => braces > 0).map(({ path }) => path)).toEqual([]);
    expect(counts.filter(({ spreads }) => spreads > 0).map(({ path }) => path)).toEqual([]);
  });
});

describe('expectations that read a page once, although it shows a message some time after it was sent', () => {
  test('are counted; inside of eventually the page is read again', () => {
    const code = `expect(await page.locator('a').count()).toBe(0);
      expect([await page.textContent('b')]).toEqual(['c']);
      expect(await answer.json()).toEqual({});
      await eventually(async () => expect(await page.locator('a').count()).toBe(0));`;
    expect(countSingleReadings('a.ts', code)).toBe(2);
  });

  test('exist in no test with a browser', () => {
    const browserTests = sourceFiles(/^(apps|bench|deploy|packages|scripts)\/.*\.int\.test\.ts$/)
      .map((path) => ({ path, code: readSource(path) }))
      .filter(({ code }) => code.includes("'chromium'"));
    expect(browserTests.length).toBeGreaterThan(5);
    expect(
      browserTests.filter(({ path, code }) => countSingleReadings(path, code) > 0).map(({ path }) => path),
    ).toEqual([]);
  });
});

test('no service or tool writes a time limit by hand: within() is the only one', () => {
  const sources = sourceFiles(/^(apps|packages|bench|deploy)\/.*\.ts$/).filter(
    (path) => !/\.test\.ts$|\/src\/page\/|\/service\/src\/within\.ts$/.test(path),
  );
  // the page in the browser has no access to the package; `deploy` has programs that run without it
  const handWritten = /AbortSignal\.timeout\(|Promise\.race\([^;]*\b(?:sleep|setTimeout)\(/;
  expect(sources.filter((path) => handWritten.test(readSource(path)))).toEqual([]);
});
