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
