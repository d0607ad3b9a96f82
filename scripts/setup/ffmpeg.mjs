import { accessSync, constants, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findFfmpeg } from './find-ffmpeg.mjs';
import { npm } from './packages.mjs';
import { REPO } from './paths.mjs';
import { lastOutput, runCommand } from './run-command.mjs';
import { say, saying } from './say.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * What this machine has and can do.
 * @typedef {{
 *   find: () => string | undefined,
 *   fetchPackaged: (timeoutMs: number) => Promise<string | undefined>,
 *   mayUseApt: () => boolean,
 *   installFromDebian: () => Promise<string | undefined>
 * }} Machine `fetchPackaged`, `installFromDebian`: they resolve with why they failed
 */

const PACKAGED = join(REPO, 'node_modules/ffmpeg-static/ffmpeg');
const FETCH_MS = 180_000;
/** Where the distribution's package can be had instead, a network that swallows packets must not cost minutes. */
const FETCH_WITH_ALTERNATIVE_MS = 60_000;
const APT_MS = 600_000;
/** @type {Machine} */
const thisMachine = { find, fetchPackaged, mayUseApt, installFromDebian };

/**
 * Finds ffmpeg, or gets it.
 * @param {Machine} [machine]
 * @returns {Promise<string>} its path
 * @throws {SetupError} when there is none and none can be had
 */
export async function provideFfmpeg(machine = thisMachine) {
  const found = machine.find();
  if (found) return found;
  const apt = machine.mayUseApt();
  const fetchFailure = await machine.fetchPackaged(apt ? FETCH_WITH_ALTERNATIVE_MS : FETCH_MS);
  const aptFailure = fetchFailure !== undefined && apt ? await machine.installFromDebian() : undefined;
  const got = machine.find();
  if (got) return got;
  throw new SetupError(
    'ffmpeg was not found and could not be fetched ' +
      `(ffmpeg-static: ${fetchFailure ?? 'no binary'}${aptFailure ? `; apt-get: ${aptFailure}` : ''}): ` +
      'install it (on Debian as root: apt-get install ffmpeg) or set FFMPEG_BIN to its path, then run the command again.',
  );
}

function find() {
  return findFfmpeg({ env: process.env, packaged: PACKAGED, isExecutable });
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * @param {number} timeoutMs
 * @returns {Promise<string | undefined>} why it failed
 */
async function fetchPackaged(timeoutMs) {
  const args = ['rebuild', 'ffmpeg-static', '--ignore-scripts=false', '--foreground-scripts'];
  const result = await saying('ffmpeg is not on this machine: fetching it with the npm package ffmpeg-static', () =>
    npm(args, { timeoutMs }),
  );
  if (result.code === 0 && isExecutable(PACKAGED)) return undefined;
  // A download that was cut off would pass for an installed one the next time.
  rmSync(PACKAGED, { force: true });
  return result.timedOut ? 'no answer' : 'the download failed';
}

/** @returns {boolean} whether this is Debian (or made from it) and we may install packages */
function mayUseApt() {
  if (process.getuid?.() !== 0) return false;
  try {
    return /^ID(_LIKE)?=.*debian/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

/** @returns {Promise<string | undefined>} why it failed */
async function installFromDebian() {
  say('That did not work. This is Debian and you are root, so its package is installed: apt-get install ffmpeg.');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', 'ffmpeg'];
  return saying('Installing ffmpeg with apt-get', async () => {
    await runCommand('apt-get', ['update'], { env, timeoutMs: APT_MS });
    const result = await runCommand('apt-get', install, { env, timeoutMs: APT_MS });
    return result.code === 0 ? undefined : lastOutput(result);
  });
}
