/**
 * `node scripts/commits/check-commits.mjs [RANGE]`: checks the messages of commits, by default of all since the rule began. Ends with
 * 1 when one is not as CONTRIBUTING.md states it.
 */
import { REPO } from '../setup/paths.mjs';
import { commitsOf, faultLines } from './commit-messages.mjs';

const range = process.argv.slice(2);
const commits = commitsOf(REPO, range.length > 0 ? range : ['HEAD']);
const faults = faultLines(commits ?? []);
process.stdout.write(
  commits === undefined
    ? 'This folder is not a clone: nothing was checked.\n'
    : faults.map((line) => `${line}\n`).join(''),
);
process.exitCode = faults.length > 0 ? 1 : 0;
