const mostRows = 200;
const longest = 200;

export interface ResultRows {
  readonly rows: readonly { readonly path: string; readonly value: string }[];
  readonly left: number;
}

/** Returns the fields of an answer, one row each; `policy` has a view of its own. */
export function resultRows(result: Readonly<Record<string, unknown>>): ResultRows {
  const all = Object.entries(result)
    .filter(([key]) => key !== 'policy')
    .flatMap(([key, value]) => rowsOf(key, value));
  return { rows: all.slice(0, mostRows), left: Math.max(0, all.length - mostRows) };
}

function rowsOf(path: string, value: unknown): { path: string; value: string }[] {
  if (typeof value !== 'object' || value === null) return [{ path, value: String(value).slice(0, longest) }];
  const entries = Object.entries(value);
  const isFlatList = Array.isArray(value) && value.every((item) => typeof item !== 'object');
  if (entries.length === 0 || isFlatList) return [{ path, value: JSON.stringify(value).slice(0, longest) }];
  return entries.flatMap(([key, inner]) => rowsOf(`${path}.${key}`, inner));
}
