/** `npm start -- ARGS`: sets up what is missing and becomes `vigilia start ARGS`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPO } from './setup/paths.mjs';
import { setUp } from './setup/set-up.mjs';

if (await setUp()) {
  // In this very process: signals and the exit code need no passing on, and nothing is left behind when it is killed.
  const main = join(REPO, 'apps/cli/dist/main.js');
  process.argv = [process.execPath, main, 'start', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
}
