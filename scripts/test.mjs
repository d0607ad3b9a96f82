/**
 * `npm test`: sets up what is missing, checks style, types and generated documents, runs all tests.
 * `npm test -- ARGS` gives ARGS to jest and leaves the other checks out. The last line counts what passed and failed.
 *
 * Tests that depend on time have the machine first; everything that only computes runs beside them with what is left of it,
 * and its output comes in one piece when it is done.
 */

import { say } from './setup/say.mjs';
import { setUp } from './setup/set-up.mjs';
import { runChecks } from './test/checks.mjs';
import { runJestProject, runJestProjectTwice } from './test/jest-project.mjs';
import { closingLine, tally } from './test/tally.mjs';

const args = process.argv.slice(2);

/** Style, types and documents, the unit tests, and the tests with real parts that have time. */
async function runBeside() {
  const patience = { beside: true, args };
  const failedChecks = args.length === 0 ? await runChecks({ beside: true }) : [];
  const unit = { ...patience, project: 'unit', what: 'Running the unit tests', oneAtATime: false };
  const patient = { ...patience, project: 'patient', what: 'Running the patient tests', oneAtATime: true };
  return { failedChecks, unit: await runJestProject(unit), patient: await runJestProjectTwice(patient) };
}

async function runAll() {
  if (!(await setUp())) return tally([], 1);
  const [{ failedChecks, unit, patient }, integration] = await Promise.all([
    runBeside(),
    runJestProjectTwice({ project: 'integration', what: 'Running the integration tests', oneAtATime: true, args }),
  ]);
  for (const check of failedChecks) say(`FAILED: ${check}`);
  for (const name of [...integration.onlySecondTime, ...patient.onlySecondTime])
    say(`PASSED ONLY THE SECOND TIME: ${name}`);
  return tally([unit, patient.result, integration.result], failedChecks.length);
}

/** @param {unknown} error a fault of these scripts themselves: CI gets its closing line all the same */
function broken(error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return tally([], 1);
}

const total = await runAll().catch(broken);
process.stdout.write(`${closingLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
