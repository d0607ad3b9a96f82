import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly integrity?: string;
  readonly resolved?: string;
  /** A workspace of this repository: its files are the repository's own. */
  readonly link?: boolean;
}

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const installed = Object.entries(lock.packages).filter(([path]) => path.includes('node_modules/'));

describe('the lock file', () => {
  // npm leaves the hash out for packages of other platforms when it writes the file from an installed tree:
  // `npm install --package-lock-only` in a copy without node_modules writes all of them.
  it('names the hash of every package from the registry, also of those for other platforms: what is installed is what was tested', () => {
    const packages = installed.filter(([, { link }]) => link !== true);
    expect(packages.length).toBeGreaterThan(500);
    expect(packages.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? '')).map(([path]) => path)).toEqual([]);
  });

  it('names no registry, so that every user installs from their own', () => {
    const named = installed.filter(([, { resolved, link }]) => link !== true && resolved !== undefined);
    expect(named.map(([path]) => path)).toEqual([]);
  });
});
