import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../setup/paths.mjs';
import { patternsOf } from './english.mjs';
import { proseOf } from './prose.mjs';
import { readText } from './repository-files.mjs';

/** Words that each file may have, relative to the repository. */
export const ENGLISH_BASELINE = 'scripts/documents/english-baseline.json';

/**
 * @typedef {{ file: string, line: number, word: string, instead: string, text: string }} Find
 * @typedef {Readonly<Record<string, number>>} Counts words per file
 */

/**
 * Finds the words in a file that docs/writing.md advises against.
 * @param {string} file relative to the repository
 * @param {string} [content] instead of what the file contains
 * @returns {Find[]}
 */
export function findsIn(file, content) {
  const patterns = patternsOf(file);
  if (patterns.length === 0) return [];
  return proseOf(file, content ?? readText(file)).flatMap(({ line, text }) =>
    patterns.flatMap(({ pattern, instead }) =>
      [...text.matchAll(new RegExp(pattern.source, 'gi'))].map(([word]) => ({
        file,
        line,
        word,
        instead,
        text: text.trim(),
      })),
    ),
  );
}

/** @returns {Counts} */
export function readBaseline() {
  return existsSync(join(REPO, ENGLISH_BASELINE)) ? JSON.parse(readText(ENGLISH_BASELINE)) : {};
}

/**
 * Compares what was found with what is allowed.
 * @param {Counts} counts
 * @param {Counts} baseline
 * @returns {{ more: string[], fewer: string[] }} files with more, and with fewer
 */
export function compare(counts, baseline) {
  const files = [...new Set([...Object.keys(counts), ...Object.keys(baseline)])].sort();
  const difference = (/** @type {string} */ file) => (counts[file] ?? 0) - (baseline[file] ?? 0);
  return { more: files.filter((file) => difference(file) > 0), fewer: files.filter((file) => difference(file) < 0) };
}

/** @param {Counts} counts */
export function total(counts) {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
