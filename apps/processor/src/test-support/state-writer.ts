/**
 * Saves states one after another until it is killed, and prints each number when it has been accepted.
 * Usage: node … state-writer.ts STATE_DIR FIRST_NUMBER
 */
import { systemClock } from '@vigilia/service';
import { silentLogger } from '@vigilia/testing';
import { initialConfig } from '../config/processor-config.ts';
import { StateFile } from '../state/state-file.ts';

const [stateDir = '', first = '0'] = process.argv.slice(2);
const file = new StateFile({ stateDir, instanceId: 'a', clock: systemClock, logger: silentLogger() });
const settings = { modelId: 'small', maxFps: 0.1, confidence: 0.25, tracking: true, decode: 'auto' } as const;
for (let number = Number(first); ; number++) {
  // rooms enough for more than one page, and the number in the last of them
  await file.save(initialConfig(settings, [...Array(200).keys(), number]), 'a');
  process.stdout.write(`${number}\n`);
}
