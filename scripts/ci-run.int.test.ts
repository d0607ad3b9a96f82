import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repoRoot, requirements, tempFolder } from '@vigilia/testing';

type Program = 'apt-get' | 'docker' | 'docker-engine' | 'docker-images' | 'dpkg-query' | 'node' | 'npm';

/** Everything works, and a suite of three tests passes. */
const working: Record<Program, string> = {
  'apt-get': 'exit 1',
  docker: 'exit 1',
  'docker-engine': 'echo engine',
  'docker-images': 'echo images',
  'dpkg-query': 'echo -n installed',
  node: 'echo set up',
  npm: 'echo "require: $VIGILIA_REQUIRE"; echo "3 passed, 0 failed"',
};

/** The gate with shell scripts in place of the programs that it runs. */
async function gate(change: Partial<Record<Program, string>>): Promise<{ code: number; lines: string[] }> {
  await using folder = await tempFolder('gate');
  for (const [name, script] of Object.entries({ ...working, ...change })) {
    await writeFile(folder.file(name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const env = { ...process.env, PATH: `${folder.path}:${process.env.PATH}`, VIGILIA_TEST_TOOLS: folder.path };
  return await new Promise((resolve) =>
    execFile('bash', [join(repoRoot, '.ci/run')], { env }, (error, output) =>
      resolve({ code: error === null ? 0 : Number(error.code), lines: output.trim().split('\n') }),
    ),
  );
}

test('the gate demands everything that a test can need, so that none is skipped unseen', async () => {
  const { code, lines } = await gate({});
  const demanded = lines.find((line) => line.startsWith('require: '))?.slice('require: '.length);
  expect(demanded?.split(',').sort()).toEqual([...requirements].sort());
  expect({ code, last: lines.at(-1) }).toEqual({ code: 0, last: '3 passed, 0 failed' });
});

test.each<[string, Partial<Record<Program, string>>, string]>([
  ['the engine does not start', { 'docker-engine': 'echo no engine; exit 1' }, 'no engine'],
  ['an image cannot be made', { 'docker-images': 'echo no image; exit 3' }, 'no image'],
  ['the project cannot be set up', { node: 'echo no ffmpeg; exit 1' }, 'no ffmpeg'],
])('when %s CI reads a failure, after the reason', async (_, change, reason) => {
  const { code, lines } = await gate(change);
  expect(code).not.toBe(0);
  expect(lines.at(-1)).toBe('0 passed, 1 failed');
  expect(lines).toContain(reason);
});

test('an engine that runs already is used as it is', async () => {
  const { lines } = await gate({ docker: 'exit 0', 'docker-engine': 'echo another engine' });
  expect(lines).not.toContain('another engine');
});
