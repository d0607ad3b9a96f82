import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { tempFolder } from '@vigilia/testing';
import { REPO } from '../setup/paths.mjs';
import { version } from './versions.mjs';

const run = promisify(execFile);

describe('npm run release', () => {
  it('shows every step in a dry run, states what this machine cannot do, and changes nothing', async () => {
    const state = async () => (await run('git', ['tag'], { cwd: REPO })).stdout;
    const before = await state();
    const ended = await run('npm', ['run', '--silent', 'release', '--', '--dry-run'], { cwd: REPO }).catch(
      (error: { code: number; stderr: string }) => error,
    );
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain(`Vigilia ${version()} of commit `);
    for (const step of ['npm test', '--target processor --platform linux/amd64,linux/arm64', 'git tag --annotate']) {
      expect(ended.stderr).toContain(step);
    }
    expect(ended.stderr).toContain('not possible: No registry to push to.');
    expect(ended.stderr).toContain('Nothing was changed.');
    expect(await state()).toBe(before);
  });

  it('refuses a flag that it does not know, with exit code 2 and what to use', async () => {
    const ended = run('node', ['scripts/release.mjs', '--dry'], { cwd: REPO });
    await expect(ended).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('Use: npm run release') });
  });
});

it('lists what images and the page hold in the bill of materials, and no tool of development', async () => {
  const folder = await tempFolder('sbom');
  const file = folder.file('vigilia.cdx.json');
  await run('node', ['scripts/release/write-sbom.mjs', file], { cwd: REPO });
  const bill = JSON.parse(await readFile(file, 'utf8'));
  await folder.remove();
  expect(bill).toMatchObject({
    bomFormat: 'CycloneDX',
    metadata: { component: { name: 'vigilia', version: version() } },
  });
  const names = bill.components.map(({ purl }: { purl: string }) => purl.replace(/^pkg:npm\/(.*)@.*$/, '$1'));
  expect(names).toEqual(expect.arrayContaining(['fastify', 'onnxruntime-node', 'preact', '%40simplewebauthn/browser']));
  expect(names).not.toContain('jest');
});
