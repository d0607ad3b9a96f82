import { fileURLToPath } from 'node:url';

/** The clone that this file is in (`src` and `dist` lie equally deep), without a slash at the end. */
export function repoRoot(): string {
  return fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '');
}
