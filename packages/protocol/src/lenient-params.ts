import { z } from 'zod';

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

const propertyTypes = new WeakMap<z.ZodType, ReadonlyMap<string, string | undefined>>();

/**
 * Returns parameters as their schema wants them where people's scripts write them as text: `"8"` for a number, `"true"` for a
 * boolean, blanks round a text. Anything else is returned as it came, for the schema to judge.
 */
export function normaliseParams(schema: z.ZodType, params: unknown): unknown {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) return params;
  const types = typesOf(schema);
  const entries = Object.entries(params).map(([name, value]) => [name, normalise(types.get(name), value)]);
  return Object.fromEntries(entries);
}

function normalise(type: string | undefined, value: unknown): unknown {
  if (typeof value !== 'string' || type === undefined) return value;
  const text = value.trim();
  if (type === 'number' || type === 'integer') return /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : value;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : value;
  return type === 'string' ? text : value;
}

function typesOf(schema: z.ZodType): ReadonlyMap<string, string | undefined> {
  const known = propertyTypes.get(schema);
  if (known !== undefined) return known;
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  const types = new Map(Object.entries(properties).map(([name, property]) => [name, property.type]));
  propertyTypes.set(schema, types);
  return types;
}
