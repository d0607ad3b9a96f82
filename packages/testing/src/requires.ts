import { missingRequirement, type Requirement } from './requirements.ts';

/**
 * `describe` where the machine has everything a test needs; otherwise a skipping one, after one line that names what is missing.
 *
 * @throws Error when `VIGILIA_REQUIRE` (comma-separated names, or `all`) demands it: CI skips nothing
 */
export function requires(...names: Requirement[]): typeof describe {
  const missing = names
    .map((name) => ({ name, what: missingRequirement(name) }))
    .filter(({ what }) => what !== undefined);
  if (missing.length === 0) {
    return describe;
  }
  const text = missing.map(({ what }) => what).join('; ');
  const demanded = (process.env.VIGILIA_REQUIRE ?? '').split(',').map((name) => name.trim());
  if (missing.some(({ name }) => demanded.includes(name) || demanded.includes('all'))) {
    throw new Error(`VIGILIA_REQUIRE demands what this machine lacks: ${text}`);
  }
  process.stderr.write(`skipped, because this machine lacks ${text}\n`);
  // the only place where tests are skipped, with a line of output
  return describe.skip as typeof describe;
}
