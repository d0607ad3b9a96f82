/** Narrowing of JSON values: a field of the wrong type is left out of the document's own fields (the original keeps it). */
export type Json = Readonly<Record<string, unknown>>;

export function asRecord(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function asInteger(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

export function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

/** An ISO 8601 time of the years 1970 to 9999 as epoch milliseconds. Text without an offset is UTC (some loggers leave it out). */
export function asTime(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}[T ]/.test(value)) return undefined;
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(value);
  const time = Date.parse(hasOffset ? value : `${value}Z`);
  return time >= 0 && time < 253_402_300_800_000 ? time : undefined;
}

/** The same time as Elasticsearch gets it. */
export function asIsoTime(value: unknown): string | undefined {
  const time = asTime(value);
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** Without the undefined fields, at any depth of objects; `undefined` when nothing is left. Written for speed: every document goes through it. */
export function compact(value: Json): Record<string, unknown> | undefined {
  const kept: Record<string, unknown> = {};
  let isEmpty = true;
  for (const key of Object.keys(value)) {
    const field = value[key];
    const small = typeof field === 'object' && field !== null && !Array.isArray(field) ? compact(field as Json) : field;
    if (small === undefined) continue;
    kept[key] = small;
    isEmpty = false;
  }
  return isEmpty ? undefined : kept;
}
