import { type Field, mappings } from '../schema/mappings.ts';

/** What Elasticsearch refuses to index: a whole document would be lost for one number. Source: its reference, "Numeric field types". */
const bounds: Readonly<Record<string, readonly [min: number, max: number]>> = {
  integer: [-(2 ** 31), 2 ** 31 - 1],
  // The next double below 2^63.
  long: [-(2 ** 63), 2 ** 63 - 1024],
};

interface NumberRange {
  readonly path: readonly string[];
  readonly min: number;
  readonly max: number;
}

const ranges = rangesOf(mappings.properties as Readonly<Record<string, Field>>, []);

/** Removes numbers that the type of their field in the index cannot hold; the original text of the message keeps them. */
export function removeUnfitNumbers(body: Record<string, unknown>): void {
  for (const { path, min, max } of ranges) {
    const parent = parentOf(body, path);
    const name = path.at(-1) ?? '';
    if (parent === undefined) continue;
    const value = parent[name];
    const fits = (one: unknown): boolean => typeof one !== 'number' || (one >= min && one <= max);
    if (Array.isArray(value)) {
      parent[name] = value.filter(fits);
    } else if (!fits(value)) {
      delete parent[name];
    }
  }
}

function parentOf(body: Record<string, unknown>, path: readonly string[]): Record<string, unknown> | undefined {
  let found: unknown = body;
  for (const name of path.slice(0, -1)) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
}

function rangesOf(fields: Readonly<Record<string, Field>>, path: readonly string[]): NumberRange[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const inner = [...path, name];
    if ('properties' in field) return rangesOf(field.properties as Readonly<Record<string, Field>>, inner);
    const [min, max] = bounds[String(field.type)] ?? [];
    return min === undefined || max === undefined ? [] : [{ path: inner, min, max }];
  });
}
