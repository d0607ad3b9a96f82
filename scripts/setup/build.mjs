import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPO } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { say, saying } from './say.mjs';
import { SetupError } from './setup-error.mjs';
import { digest, readStamp, writeStamp } from './stamp.mjs';

const SHARED_SOURCES = ['package-lock.json', 'tsconfig.base.json', 'tsconfig.build.json', 'turbo.json'];

/** Compiles all packages and apps, if a source has changed since the last time. */
export async function build() {
  const folders = (await Promise.all(['packages', 'apps'].map(builtWorkspaces))).flat();
  const current = await digest([...SHARED_SOURCES.map((name) => join(REPO, name)), ...folders]);
  const built = folders.every((folder) => existsSync(join(folder, 'dist')));
  if (built && (await readStamp('build')) === current) return;
  const result = await saying('Building', () =>
    runCommand(join(REPO, 'node_modules/.bin/turbo'), ['run', 'build', '--output-logs=errors-only'], {
      cwd: REPO,
      env: { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' },
    }),
  );
  if (result.code !== 0) {
    say(result.output.trim());
    throw new SetupError('The build failed: the output of the compiler above shows why.');
  }
  await writeStamp('build', current);
}

/**
 * @param {string} parent
 * @returns {Promise<string[]>} the workspaces in it that are built
 */
async function builtWorkspaces(parent) {
  const built = [];
  for (const name of (await readdir(join(REPO, parent))).sort()) {
    const folder = join(REPO, parent, name);
    const about = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
    if (JSON.parse(about).scripts?.build) {
      built.push(folder);
    }
  }
  return built;
}
