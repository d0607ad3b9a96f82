import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';

const known = new Map<string, string>();

/** Returns the sha256 of a file in hex; a file is read once as long as its size and time stay the same. */
export function fileHash(file: string): string {
  const { size, mtimeMs } = statSync(file);
  const key = `${file}:${size}:${mtimeMs}`;
  const hash = known.get(key) ?? createHash('sha256').update(readFileSync(file)).digest('hex');
  known.set(key, hash);
  return hash;
}
