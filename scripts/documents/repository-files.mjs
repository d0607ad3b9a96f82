import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { REPO } from '../setup/paths.mjs';

/** Folders that hold no sources: dependencies, build results, caches. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', '.cache', '.turbo', '.vigilia', 'test-results']);
const TEXT_FILE = /(\.(md|tsx?|mjs|cjs|sh|ya?ml|conf|cfg)|Dockerfile|\.ci\/run)$/;

/**
 * Lists the text files of the repository that people write.
 * @returns {string[]} paths relative to the repository, sorted
 */
export function textFiles() {
  return filesIn(REPO)
    .map((path) => relative(REPO, path))
    .filter((path) => TEXT_FILE.test(path))
    .sort();
}

/**
 * Reads a file of the repository.
 * @param {string} path relative to the repository
 */
export function readText(path) {
  return readFileSync(join(REPO, path), 'utf8');
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED_FOLDERS.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}
