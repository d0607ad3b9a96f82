import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from '@vigilia/testing';
import { screenshotNames } from './screenshot.ts';

const read = (...path: string[]): string => readFileSync(join(repoRoot, ...path), 'utf8');

/** Names of the pictures that a text shows. */
function shownIn(text: string): string[] {
  return [...text.matchAll(/docs\/screenshots\/([\w-]+)\.png/g)].map(([, name]) => name ?? '');
}

describe('the pictures of the page in the documentation', () => {
  it('are those that the browser tests take, so that no reader sees a page that does not exist any more', () => {
    const shown = new Set(['README.md', 'README.es.md'].flatMap((file) => shownIn(read(file))));
    expect(shown.size).toBeGreaterThan(0);
    const kept = readdirSync(join(repoRoot, 'docs/screenshots')).map((file) => file.replace(/\.png$/, ''));
    expect([...shown].filter((name) => !kept.includes(name))).toEqual([]);
    expect(kept.filter((name) => !(screenshotNames as readonly string[]).includes(name))).toEqual([]);
  });

  it('are each taken by a test, so that they show the present page', () => {
    const files = readdirSync(join(repoRoot, 'apps/console/src/page'), { recursive: true, encoding: 'utf8' });
    const tests = files.filter((file) => file.endsWith('.int.test.ts'));
    const sources = tests.map((file) => read('apps/console/src/page', file)).join('');
    expect(screenshotNames.filter((name) => !sources.includes(`, '${name}')`))).toEqual([]);
  });
});
