import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repoRoot } from './repo-root.ts';

/** An independent implementation of a paging system with ESPA 4.4.4, and what it needs. */
const packages = ['digimat-espa==0.1.17', 'pyserial==3.5'];

/** Returns a Python program that has digimat-espa; it is installed from PyPI into `.cache` the first time. Undefined: that failed. */
export function espaPython(): string | undefined {
  const folder = join(repoRoot, '.cache', 'vigilia', 'espa-python');
  const python = join(folder, 'bin', 'python');
  if (imports(python)) return python;
  rmSync(folder, { recursive: true, force: true });
  const installed =
    runs('python3', '-m', 'venv', folder) &&
    runs(python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'setuptools<81', ...packages);
  return installed && imports(python) ? python : undefined;
}

function imports(python: string): boolean {
  return existsSync(python) && runs(python, '-c', 'import digimat.espa, serial');
}

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore', timeout: 180_000 }).status === 0;
}
