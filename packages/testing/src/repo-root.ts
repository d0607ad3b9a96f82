import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder (where `package-lock.json` lies). */
export const repoRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

/** A file of the test data: below `VIGILIA_TEST_DATA`, or below `../shared/data` beside the repository. */
export function testData(...parts: string[]): string {
  return join(process.env.VIGILIA_TEST_DATA ?? resolve(repoRoot, '..', 'shared', 'data'), ...parts);
}

/** A program that stands in for a service: below `VIGILIA_TEST_TOOLS`, or below `../shared/tools` beside the repository. */
export function testTool(...parts: string[]): string {
  return join(process.env.VIGILIA_TEST_TOOLS ?? resolve(repoRoot, '..', 'shared', 'tools'), ...parts);
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package-lock.json')) || dirname(folder) === folder) {
    return folder;
  }
  return findRoot(dirname(folder));
}
