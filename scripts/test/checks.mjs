import { join } from 'node:path';
import { REPO } from '../setup/paths.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { say, saying } from '../setup/say.mjs';

const TURBO = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };

/** @type {{ what: string, command: string, args: string[] }[]} */
const CHECKS = [
  { what: 'Checking style (biome)', command: bin('biome'), args: ['check', '.'] },
  {
    // the build's settings lead from a package's dist to its sources
    what: 'Checking for unused exports and dependencies (knip)',
    command: bin('knip'),
    args: ['--no-progress', '--tsConfig', 'tsconfig.build.json'],
  },
  {
    what: 'Checking types (turbo, tsc)',
    command: bin('turbo'),
    args: ['run', 'typecheck', '--output-logs=errors-only'],
  },
  { what: 'Checking types of the scripts', command: bin('tsc'), args: ['--noEmit', '-p', 'scripts'] },
  { what: 'Checking types of deploy', command: bin('tsc'), args: ['--noEmit', '-p', 'deploy'] },
  { what: 'Checking types of the benchmarks', command: bin('tsc'), args: ['--noEmit', '-p', 'bench'] },
  { what: 'Checking types of the fall evaluation', command: bin('tsc'), args: ['--noEmit', '-p', 'bench/falls'] },
  {
    what: 'Checking the generated documents',
    command: process.execPath,
    args: ['scripts/generate-docs.mjs', '--check'],
  },
  {
    what: 'Checking the language of texts, comments and documents',
    command: process.execPath,
    args: ['scripts/documents/check-english.mjs'],
  },
];

/**
 * @param {{ beside?: boolean }} [options] `beside`: with what others leave of the machine
 * @returns {Promise<string[]>} what failed; the details have been printed
 */
export async function runChecks({ beside = false } = {}) {
  const failed = [];
  for (const { what, command, args } of CHECKS) {
    const result = await saying(what, () => runCommand(command, args, { cwd: REPO, env: TURBO, beside }));
    if (result.code === 0) continue;
    say(result.output.trim());
    failed.push(what);
  }
  return failed;
}

/** @param {string} name */
function bin(name) {
  return join(REPO, 'node_modules/.bin', name);
}
