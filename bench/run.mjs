/**
 * `npm run bench -- NAME [NAME …] [--quick] [--json]`: runs benchmarks; standard output has one JSON line `{"bench", "ratio",
 * "goal", "detail"}` for each, with more figures of the same run in "more". Without NAME all of them run. Of more than one a
 * Markdown report is written to bench/results/. Exit code 1 where a goal is missed.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setUp } from '../scripts/setup/set-up.mjs';
import { markdownReport } from './report.mjs';
import { benchNames, figuresOf, keepsGoal, runBench } from './run-bench.mjs';

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('-') && arg !== 'quick');
const options = { quick: args.includes('--quick') || args.includes('quick') };
const json = args.includes('--json');
const names = named.length === 0 ? benchNames : named;
const unknown = named.find((name) => !benchNames.includes(name));

if (unknown !== undefined) {
  process.stderr.write(`There is no benchmark "${unknown}"; there are ${benchNames.join(', ')}.\n`);
  process.exit(2);
}
if (await setUp()) {
  process.exitCode = await run();
}

async function run() {
  /** @type {import('./run-bench.mjs').Result[]} */
  const results = [];
  for (const one of names) {
    const result = await runBench(one, options);
    results.push(result);
    for (const { bench, ratio, goal } of json ? [] : figuresOf(result)) {
      process.stderr.write(`${bench}: ${ratio} (goal ${goal})\n`);
    }
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  if (names.length > 1) {
    process.stderr.write(`The report is ${writeReport(results)}.\n`);
  }
  return results.flatMap(figuresOf).every(keepsGoal) ? 0 : 1;
}

/**
 * One file a day and number, so that figures can be compared later.
 * @param {readonly import('./run-bench.mjs').Result[]} results
 */
function writeReport(results) {
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const day = new Date().toISOString().slice(0, 10);
  const number = readdirSync(folder).filter((file) => file.startsWith(day)).length + 1;
  const file = join(folder, `${day}-${number}.md`);
  writeFileSync(file, markdownReport(results, { ...options, at: new Date() }));
  return relative(process.cwd(), file);
}
