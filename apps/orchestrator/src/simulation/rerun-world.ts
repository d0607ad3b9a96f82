/**
 * Plays one world and prints what the orchestrator did: `node --conditions=@vigilia/source --import
 * ./packages/testing/typescript-loader.mjs apps/orchestrator/src/simulation/rerun-world.ts '<scenario as JSON>'`.
 */
import { describeAction } from '../act/describe.ts';
import { Play } from './play.ts';
import type { Scenario } from './scenario.ts';

const scenario = JSON.parse(process.argv[2] ?? '{}') as Scenario;
const play = new Play(scenario, (atMs, line) =>
  process.stdout.write(`${(atMs / 1000).toFixed(2).padStart(9)}  ${line}\n`),
);
play.onAction = (atMs, action) => play.write(atMs, `    ${describeAction(action)}`);
try {
  play.run();
  process.stdout.write('every promise held\n');
} catch (error) {
  process.stdout.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
