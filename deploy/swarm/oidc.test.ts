import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { repoRoot, type TempFolder, tempFolder } from '@vigilia/testing';

const deploy = join(repoRoot, 'deploy/swarm/deploy.sh');
/** Takes the place of the Docker command line: a manager with everything in place, which prints what it is to deploy. */
const playedDocker = `#!/bin/sh
case "$1" in
  info) echo true ;;
  node) echo a-node ;;
  stack) printf '%s\\n' "$@" "version=$OIDC_VERSION" ;;
esac
`;

describe('deploy.sh with sign-in through OIDC', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder('swarm-oidc');
    await mkdir(folder.file('bin'));
    await writeFile(folder.file('bin/docker'), playedDocker);
    await chmod(folder.file('bin/docker'), 0o755);
    await Promise.all(['groups.yaml', 'secret', 'authority.pem'].map((name) => writeFile(folder.file(name), name)));
  });
  afterEach(() => folder.remove());

  const run = async (env: Record<string, string>): Promise<string[]> => {
    const path = [folder.file('bin'), process.env.PATH].join(delimiter);
    const { stdout } = await promisify(execFile)(deploy, { env: { PATH: path, OIDC_VERSION: '', ...env } });
    return stdout.split('\n');
  };
  const settings = () => ({
    OIDC_ISSUER: 'https://login.example',
    OIDC_GROUPS_FILE: folder.file('groups.yaml'),
    OIDC_CLIENT_SECRET_FILE: folder.file('secret'),
  });
  const versionOf = (lines: readonly string[]) => lines.find((line) => line.startsWith('version='));

  test('deploys the stack alone where no provider is set', async () => {
    const lines = await run({});
    expect(lines).toContain('deploy/swarm/stack.yml');
    expect(lines.join()).not.toContain('oidc');
  });

  test('adds the provider’s settings, and its authority only where one is given', async () => {
    expect(await run(settings())).toEqual(expect.arrayContaining(['deploy/swarm/stack.yml', 'deploy/swarm/oidc.yml']));
    expect(await run(settings())).not.toContain('deploy/swarm/oidc-authority.yml');
    const lines = await run({ ...settings(), OIDC_CA_FILE: folder.file('authority.pem') });
    expect(lines).toContain('deploy/swarm/oidc-authority.yml');
  });

  test('names a new version when the groups have changed, because a configuration of a swarm cannot be changed', async () => {
    const before = versionOf(await run(settings()));
    expect(versionOf(await run(settings()))).toBe(before);
    await writeFile(folder.file('groups.yaml'), 'other groups');
    expect(versionOf(await run(settings()))).not.toBe(before);
  });

  test.each(['OIDC_GROUPS_FILE', 'OIDC_CLIENT_SECRET_FILE'])('refuses to deploy without %s', async (name) => {
    await expect(run({ ...settings(), [name]: '' })).rejects.toMatchObject({
      stderr: expect.stringContaining(`OIDC_ISSUER needs ${name}`),
    });
  });

  test('gives the console every setting of a provider that it has with Docker Compose', async () => {
    const read = (path: string) => readFile(join(repoRoot, path), 'utf8');
    const [compose, ...stack] = await Promise.all(
      ['docker-compose.yml', 'deploy/swarm/oidc.yml', 'deploy/swarm/oidc-authority.yml'].map(read),
    );
    const names = [...(compose ?? '').matchAll(/^ {6}(OIDC_\w+|CONSOLE_PAGE_URL|NODE_EXTRA_CA_CERTS):/gm)];
    expect(names.length).toBeGreaterThan(8);
    for (const [, name] of names) {
      expect(stack.join('')).toMatch(new RegExp(`^ {6}${name}:`, 'm'));
    }
  });
});
