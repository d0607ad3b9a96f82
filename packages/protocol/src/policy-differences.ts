/** Two policies differ at `path`; a missing side: the value is not set there. */
export interface PolicyDifference {
  readonly path: readonly string[];
  readonly before?: unknown;
  readonly after?: unknown;
}

export interface JsonRecord {
  readonly [key: string]: unknown;
}

/**
 * Returns where two JSON documents differ, in the order of their fields. Lists are compared as a whole.
 * @param maxDepth how deep a path may become; differences below it are one difference
 */
export function differencesOf(
  before: unknown,
  after: unknown,
  maxDepth = Number.POSITIVE_INFINITY,
  path: readonly string[] = [],
): PolicyDifference[] {
  if (sameJson(before, after)) return [];
  if (!isJsonRecord(before) || !isJsonRecord(after) || path.length >= maxDepth)
    return [difference(path, before, after)];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => differencesOf(own(before, key), own(after, key), maxDepth, [...path, key]));
}

/** Returns a document with one side of the differences; everything else in it stays. */
export function applyDifferences(
  document: JsonRecord,
  differences: readonly PolicyDifference[],
  side: 'before' | 'after',
): JsonRecord {
  return differences.reduce((result, one) => setAt(result, one.path, one[side]), document);
}

/** Returns a copy of a document with a value at a path; `undefined` removes what is there. */
export function setAt(document: JsonRecord, path: readonly string[], value: unknown): JsonRecord {
  const [key, ...rest] = path;
  if (key === undefined) return isJsonRecord(value) ? value : {};
  const inner = own(document, key);
  const next = rest.length === 0 ? value : setAt(isJsonRecord(inner) ? inner : {}, rest, value);
  // entries: a key such as __proto__ stays a key
  const entries = Object.entries(document).map(([name, old]): [string, unknown] => [name, name === key ? next : old]);
  const all = Object.hasOwn(document, key) ? entries : [...entries, [key, next] as [string, unknown]];
  return Object.fromEntries(all.filter(([, kept]) => kept !== undefined));
}

/** Returns the value at a path of a JSON document. */
export function settingAt(document: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => (isJsonRecord(value) ? own(value, key) : undefined), document);
}

/** A change of a policy, as far as it can be taken back. */
interface ReversibleChange {
  readonly revision: number;
  readonly differences: readonly PolicyDifference[];
}

/** Returns the policy as it was before a change of its history. @param changes the newest first */
export function policyBefore(policy: JsonRecord, changes: readonly ReversibleChange[], revision: number): JsonRecord {
  return changes
    .filter((change) => change.revision >= revision)
    .reduce((result, { differences }) => applyDifferences(result, differences, 'before'), policy);
}

export function isJsonRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns whether two JSON values are the same; the order of fields does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, n) => sameJson(item, b[n]));
  if (!isJsonRecord(a) || !isJsonRecord(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => sameJson(own(a, key), own(b, key)));
}

function own(record: JsonRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function difference(path: readonly string[], before: unknown, after: unknown): PolicyDifference {
  if (before === undefined) return { path, after };
  return after === undefined ? { path, before } : { path, before, after };
}
