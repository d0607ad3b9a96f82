import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const tsc = join(root, 'node_modules/typescript/bin/tsc');

/** Builds the vision package and this folder: seconds, and nothing where nothing changed. */
export function build() {
  for (const project of ['packages/vision/tsconfig.build.json', 'bench/falls/tsconfig.json']) {
    const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, project)], { stdio: ['ignore', 2, 2] });
    if (status !== 0) {
      process.exit(status ?? 1);
    }
  }
}
