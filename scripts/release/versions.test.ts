import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { version as running } from '@vigilia/service';
import { REPO } from '../setup/paths.mjs';
import { manifestFiles, mentions, readJson, version } from './versions.mjs';

const node = 'engines.node';

describe('the version', () => {
  it('is the same in all package.json files and in the lock file, so that a report of a fault names what runs', () => {
    const lock = readJson('package-lock.json');
    const stated = manifestFiles().flatMap((file) => [
      { file, version: readJson(file).version },
      { file: `package-lock.json: ${file}`, version: lock.packages[file.replace(/\/?package\.json$/, '')].version },
    ]);
    expect(stated.length).toBeGreaterThan(20);
    expect(stated.filter((each) => each.version !== version())).toEqual([]);
  });

  it('is that of every image, compose file and command of the documents, so that an update replaces all parts', () => {
    const found = mentions();
    const files = new Set(found.map(({ file }) => file));
    for (const file of [
      'docker-compose.yml',
      'deploy/Dockerfile',
      'deploy/swarm/stack.yml',
      'README.md',
      'CITATION.cff',
    ]) {
      expect([...files]).toContain(file);
    }
    expect(found.filter(({ stated }) => stated !== version())).toEqual([]);
  });

  it('is what services publish and `vigilia --version` prints', () => {
    expect(running).toBe(version());
    const cli = join(REPO, 'apps/cli/bin/vigilia.js');
    expect(execFileSync(process.execPath, [cli, '--version'], { encoding: 'utf8' }).trim()).toBe(version());
  });

  it('demands the same Node.js in all workspaces: what Debian stable (13) ships, 20.19', () => {
    const demanded = manifestFiles().map((file) => ({ file, [node]: readJson(file).engines?.node }));
    expect(demanded.filter((each) => each[node] !== '>=20.19')).toEqual([]);
  });
});
