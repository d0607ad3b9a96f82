/** `npm run soak`: the long tests in full numbers (`*.soak.test.ts`), which neither `npm test` nor CI runs. ARGS go to jest. */
import { setUp } from './setup/set-up.mjs';
import { runJestProject } from './test/jest-project.mjs';
import { closingLine, tally } from './test/tally.mjs';

const args = process.argv.slice(2);
const soak = { project: 'soak', what: 'Running the soak tests', workers: '--runInBand', args };
const total = (await setUp()) ? tally([await runJestProject(soak)], 0) : tally([], 1);
process.stdout.write(`${closingLine(total)}\n`);
process.exitCode = total.failed > 0 ? 1 : 0;
