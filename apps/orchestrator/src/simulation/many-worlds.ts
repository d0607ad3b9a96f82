/**
 * Plays many random worlds in this process: `many-worlds.ts <count> <seed> [calm | operators]`. Prints the rate as it goes; the first
 * world that breaks a promise is shrunk for at most two minutes, printed as JSON for `replay.ts`, and ends it with code 1.
 */
import fc from 'fast-check';
import { Play } from './play.ts';
import { calmScenarios, operatorScenarios, roughScenarios } from './scenario.ts';

const [count = '1000', seed = '1', kind = 'rough'] = process.argv.slice(2);
const kinds: Readonly<Record<string, typeof roughScenarios>> = { calm: calmScenarios, operators: operatorScenarios };
const scenarios = kinds[kind] ?? roughScenarios;
const startedMs = performance.now();
let played = 0;
let failedAtMs: number | undefined;

const result = fc.check(
  fc.property(scenarios, (scenario) => {
    // enough of shrinking: what is left is called good, which ends it
    if (failedAtMs !== undefined && performance.now() - failedAtMs > 120_000) return;
    try {
      new Play(scenario).run();
    } catch (error) {
      failedAtMs ??= performance.now();
      throw error;
    }
    played += 1;
    if (played % 1000 !== 0 || failedAtMs !== undefined) return;
    const seconds = (performance.now() - startedMs) / 1000;
    process.stdout.write(`${played} worlds, ${(played / seconds).toFixed(1)} a second\n`);
  }),
  { numRuns: Number(count), seed: Number(seed) },
);
const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
if (result.failed) {
  const reason = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  process.stdout.write(`after ${result.numRuns} worlds: ${reason}\n${JSON.stringify(result.counterexample?.[0])}\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${result.numRuns} ${kind} worlds in ${seconds} s: every promise held\n`);
}
