import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { REPO } from '../setup/paths.mjs';

/**
 * Lists the sources that git knows or would add: paths in the repository.
 * @param {RegExp} pattern
 */
export function sourceFiles(pattern) {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--deduplicate'], {
    cwd: REPO,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const removed = execFileSync('git', ['ls-files', '--deleted'], { cwd: REPO, encoding: 'utf8' }).split('\n');
  return listed.split('\n').filter((path) => pattern.test(path) && !removed.includes(path));
}

/** @param {string} path in the repository */
export function readSource(path) {
  return readFileSync(join(REPO, path), 'utf8');
}

/**
 * Visits every node of a source's syntax tree.
 * @param {string} path in the repository
 * @param {string} code
 * @param {(node: Record<string, any>) => void} visit
 */
export function visitNodes(path, code, visit) {
  const tree = parsed(path, code);
  /** @param {unknown} value */
  const walk = (value) => {
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value) {
      visit(value);
    }
    for (const child of Object.values(value)) {
      walk(child);
    }
  };
  walk(tree);
}

/** @type {{ code: string, tree: import('@swc/core').Module } | undefined} several rules ask for the same source one after another */
let last;

/**
 * @param {string} path
 * @param {string} code
 */
function parsed(path, code) {
  if (last?.code === code) return last.tree;
  const isTypeScript = /\.tsx?$/.test(path);
  const tree = isTypeScript
    ? parseSync(code, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2022' })
    : parseSync(code, { syntax: 'ecmascript', target: 'es2022' });
  last = { code, tree };
  return tree;
}
