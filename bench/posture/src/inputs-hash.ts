import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const folders = ['bench/posture/src', 'packages/vision/src/posture'];
const generator = 'bench/falls/src/random.ts';
/** What the coefficients do not depend on. */
const others = /\.test\.ts$|\.fixture\.ts$|^posture-coefficients\.ts$|^box-posture\.ts$/;

/** Returns a hash of everything that decides about the coefficients: simulation, features, fit and settings. */
export function inputsHash(): string {
  const hash = createHash('sha256');
  for (const file of [...folders.flatMap(sourcesIn), generator]) {
    hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function sourcesIn(folder: string): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts') && !others.test(name));
  return names.sort().map((name) => `${folder}/${name}`);
}
