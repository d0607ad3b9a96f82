import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const folders = ['bench/posture/src', 'packages/vision/src/posture'];
/** What the coefficients do not depend on. */
const others = /\.test\.ts$|\.fixture\.ts$|^posture-coefficients\.ts$|^person-score\.ts$|^box-posture\.ts$/;

/** Returns a hash of everything that decides about the coefficients: simulation, features, fit and settings. */
export function inputsHash(): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts') && !others.test(name));
    for (const name of files.sort()) {
      hash.update(`${folder}/${name}\n`).update(readFileSync(join(root, folder, name)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
