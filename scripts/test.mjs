/**
 * `npm test`: sets up what is missing, checks style, types and generated documents, runs all tests.
 * `npm test -- ARGS` gives ARGS to jest and leaves the other checks out. The last line counts what passed and failed.
 *
 * Unit tests have both cores. Then tests that depend on time have the machine first; what only computes runs beside them with
 * what is left of it, and all but the outcome of each file comes in one piece when it is done. What failed runs again when nothing else does.
 */

import { say } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';
import { runChecks } from './test/checks.mjs';
import { runFailedAgain, runJestProject } from './test/jest-project.mjs';
import { closingLine, tally } from './test/tally.mjs';

const args = process.argv.slice(2);
const oneAtATime = '--runInBand';
const unit = { project: 'unit', what: 'Running the unit tests', workers: '--maxWorkers=100%', args };
const integration = { project: 'integration', what: 'Running the integration tests', workers: oneAtATime, args };
const patient = { project: 'patient', what: 'Running the patient tests', workers: oneAtATime, args, beside: true };

/** Style, types and documents, and the tests with real parts that have time. */
async function runBeside() {
  const failedChecks = args.length === 0 ? await runChecks({ beside: true }) : [];
  return { failedChecks, result: await runJestProject(patient) };
}

async function runAll() {
  if (!(await setUp())) return tally([], 1);
  const units = await runJestProject(unit);
  const [timed, beside] = await Promise.all([runJestProject(integration), runBeside()]);
  const first = /** @type {const} */ ([
    [unit, units],
    [integration, timed],
    [patient, beside.result],
  ]);
  const last = [];
  for (const [options, result] of first) {
    last.push(await runFailedAgain(options, result));
  }
  for (const check of beside.failedChecks) {
    say(`FAILED: ${check}`);
  }
  for (const name of last.flatMap(({ onlySecondTime }) => onlySecondTime)) {
    say(`PASSED ONLY THE SECOND TIME: ${name}`);
  }
  return tally(
    last.map(({ result }) => result),
    beside.failedChecks.length,
  );
}

/** @param {unknown} error a fault of these scripts themselves: CI gets its closing line all the same */
function broken(error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return tally([], 1);
}

const total = await runAll().catch(broken);
process.stdout.write(`${closingLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
