import { existsSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { REPO } from '../setup/paths.mjs';
import { readText, textFiles } from './repository-files.mjs';

const adrFolder = 'docs/adr';
const files = textFiles();
const markdown = files.filter((file) => file.endsWith('.md'));
const decisions = markdown.filter((file) => /^docs\/adr\/\d{4}-/.test(file)).map((file) => basename(file));

/** The lines of a file with their numbers, as `file:line`. */
function lines(file: string): { readonly at: string; readonly text: string }[] {
  return readText(file)
    .split('\n')
    .map((text, index) => ({ at: `${file}:${index + 1}`, text }));
}

/** Every match of a pattern in the given files. */
function mentions(where: readonly string[], pattern: RegExp): { readonly at: string; readonly found: string }[] {
  return where
    .flatMap(lines)
    .flatMap(({ at, text }) => [...text.matchAll(pattern)].map((match) => ({ at, found: match[1] ?? match[0] })));
}

/** The rows of the tables whose last column is "shown by". */
function promisedRows(file: string): { readonly at: string; readonly shownBy: string }[] {
  let inTable = false;
  return lines(file).flatMap(({ at, text }) => {
    const last = text.startsWith('|') ? text.split('|').at(-2)?.trim() : undefined;
    const isHeading = last === 'shown by';
    inTable = isHeading || (inTable && last !== undefined);
    return inTable && !isHeading && !text.startsWith('|---') ? [{ at, shownBy: last ?? '' }] : [];
  });
}

/** The anchors that GitHub gives the headings of a document. */
function anchorsOf(file: string): string[] {
  return [...readText(file).matchAll(/^#{1,6} (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/ /g, '-'),
  );
}

describe('the decisions', () => {
  const index = readText(join(adrFolder, 'README.md'));
  const rows = [...index.matchAll(/^\| \[(\d+)\]\((.+?)\) \| (.+?) \| (.+?) \| (.+) \|$/gm)].map(
    ([, number, file, title, status, line]) => ({ number: Number(number), file: file ?? '', title, status, line }),
  );

  it('are all in the index, and the index names no other ones, so that a reader finds each decision', () => {
    expect(decisions.length).toBeGreaterThan(20);
    expect(rows.map(({ file }) => file)).toEqual(decisions);
  });

  it('have a number of their own, the same one in file name, heading and index', () => {
    expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
    for (const { number, file, title } of rows) {
      expect(Number(file.slice(0, 4))).toBe(number);
      expect(readText(join(adrFolder, file)).split('\n')[0]).toBe(`# ${number}. ${title}`);
    }
  });

  it('have the status that the index shows, so that a reader does not follow a decision that no longer holds', () => {
    for (const { file, status = '' } of rows) {
      const stated = /^- Status: (.+)$/m.exec(readText(join(adrFolder, file)))?.[1] ?? 'no line "- Status: …"';
      const successor = /^superseded by (\d+)$/.exec(status)?.[1];
      const expected = successor === undefined ? /^accepted/ : new RegExp(`^superseded by \\[ADR ${successor}\\]`);
      expect({ file, stated }).toEqual({ file, stated: expect.stringMatching(expected) });
    }
  });
});

describe('what documents and comments cite', () => {
  it('is there: every relative link of a document leads to a file and a heading of the repository', () => {
    const links = mentions(markdown, /\]\(((?!https?:|mailto:)[^)\s]+)\)/g);
    expect(links.length).toBeGreaterThan(100);
    const dead = links.filter(({ at, found }) => {
      const file = at.replace(/:\d+$/, '');
      const [path = '', anchor] = found.split('#');
      const target = path === '' ? file : normalize(join(dirname(file), path));
      if (target.startsWith('..') || !existsSync(join(REPO, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  it('is in the repository: every document that is named exists, so that no reader looks for one that was never published', () => {
    const named = mentions(files, /(?<![\w*$}{/.:-])((?:\.{1,2}\/)*[\w-][\w./-]*\.md)\b/g);
    expect(named.length).toBeGreaterThan(100);
    const unknown = named.filter(({ found }) => {
      const path = found.replace(/^(\.{1,2}\/)+/, '');
      return !markdown.some((file) => file === path || file.endsWith(`/${path}`));
    });
    expect(unknown).toEqual([]);
  });

  it('are files and headings under docs/ that exist', () => {
    const cited = mentions(files, /(?<![\w/.-])(docs\/[\w./-]+\.\w+(?:#[\w-]+)?)/g);
    const dead = cited.filter(({ found }) => {
      const [path = '', anchor] = found.split('#');
      return !existsSync(join(REPO, path)) || (anchor !== undefined && !anchorsOf(path).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it('are sources and tests that exist, so that a reader can check what a document states', () => {
    const cited = mentions(
      markdown,
      /(?<![\w./-])((?:apps|packages|bench|deploy|scripts)\/[\w./@-]+\.(?:tsx?|mjs|cjs|json|sh|ya?ml|conf|acl))\b/g,
    );
    expect(cited.length).toBeGreaterThan(100);
    expect(cited.filter(({ found }) => !existsSync(join(REPO, found)))).toEqual([]);
  });

  it('are npm commands that exist, so that a newcomer can type what is written', () => {
    const { scripts } = JSON.parse(readText('package.json')) as { scripts: Record<string, string> };
    const cited = mentions(markdown, /\bnpm run (?:-s |--silent )?([\w:-]+)/g);
    expect(cited.length).toBeGreaterThan(10);
    expect(cited.filter(({ found }) => scripts[found] === undefined)).toEqual([]);
  });

  it('are tests wherever a table promises to show them: an auditor finds no promise without a test', () => {
    const promises = markdown.flatMap(promisedRows);
    expect(promises.length).toBeGreaterThan(30);
    expect(promises.filter(({ shownBy }) => !/`[\w./@-]+\.test\.ts`/.test(shownBy))).toEqual([]);
  });

  it('are decisions that exist, where a number is given', () => {
    const numbers = decisions.map((file) => Number(file.slice(0, 4)));
    const cited = mentions(files, /\bADR (\d+)\b/g);
    expect(cited.length).toBeGreaterThan(5);
    expect(cited.filter(({ found }) => !numbers.includes(Number(found)))).toEqual([]);
  });

  it('are headings and not sections by number: only standards have those, and our own numbers would become outdated', () => {
    const sections = files
      .flatMap(lines)
      .filter(({ text }) => /§ ?\d/.test(text.replace(/(RFC \d+|,| and) §[\d.]+/g, '')));
    expect(sections.map(({ at, text }) => `${at} ${text.trim()}`)).toEqual([]);
  });
});
