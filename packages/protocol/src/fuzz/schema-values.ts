import fc from 'fast-check';
import { z } from 'zod';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Values of fields by their name, wherever a schema has them: the rooms and processors that messages may name. */
export type FieldValues = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Generates small inputs that a schema accepts, as far as its JSON Schema shows: refinements of code may reject some. */
export function valuesOf(schema: z.ZodType, fields: FieldValues = {}): fc.Arbitrary<unknown> {
  return fromJsonSchema(z.toJSONSchema(schema, { io: 'input', target: 'draft-7', reused: 'inline' }), fields);
}

function fromJsonSchema(schema: JsonSchema | boolean, fields: FieldValues): fc.Arbitrary<unknown> {
  if (typeof schema === 'boolean') return fc.jsonValue({ maxDepth: 1 });
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => fromJsonSchema(choice, fields)));
  switch (schema.type) {
    case 'object':
      return objects(schema, fields);
    case 'array':
      return lists(schema, fields);
    case 'string':
      return texts(schema);
    case 'integer':
      return integers(schema);
    case 'number':
      return numbers(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 1 });
  }
}

function objects(schema: JsonSchema, fields: FieldValues): fc.Arbitrary<unknown> {
  const properties = Object.entries(schema.properties ?? {});
  const known = Object.fromEntries(
    properties.map(([name, property]) => [name, fields[name] ?? fromJsonSchema(property, fields)]),
  );
  const record = fc.record(known, { requiredKeys: (schema.required ?? []).filter((name) => name in known) });
  const { additionalProperties: others, propertyNames } = schema;
  if (others === undefined || others === false) return record;
  const names = propertyNames === undefined ? fc.string({ maxLength: 12 }) : fromJsonSchema(propertyNames, fields);
  const more = fc.dictionary(names as fc.Arbitrary<string>, fromJsonSchema(others, fields), { maxKeys: 2 });
  return fc.tuple(more, record).map(([extra, own]) => Object.assign(extra, own));
}

function lists(schema: JsonSchema, fields: FieldValues): fc.Arbitrary<unknown> {
  const { items = {}, minItems = 0, maxItems = 3 } = schema;
  // a list of schemas describes a tuple
  if (Array.isArray(items)) return fc.tuple(...items.map((item) => fromJsonSchema(item, fields)));
  const maxLength = Math.max(minItems, Math.min(maxItems, 3));
  return fc.array(fromJsonSchema(items, fields), { minLength: minItems, maxLength });
}

function texts({ format, pattern, minLength = 0, maxLength }: JsonSchema): fc.Arbitrary<unknown> {
  if (format === 'date-time') return fc.date({ noInvalidDate: true, ...someYears }).map((date) => date.toISOString());
  if (pattern !== undefined) {
    return fc
      .stringMatching(new RegExp(pattern), { size: 'small' })
      .filter(({ length }) => length >= minLength && length <= (maxLength ?? length));
  }
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength ?? 24, 24)), unit: 'binary' });
}

const someYears = { min: new Date('1990-01-01'), max: new Date('2110-01-01') };

function integers(schema: JsonSchema): fc.Arbitrary<unknown> {
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = schema;
  return fc.maxSafeInteger().map((value) => Math.min(maximum, Math.max(minimum, value)));
}

function numbers(schema: JsonSchema): fc.Arbitrary<unknown> {
  const above = typeof schema.exclusiveMinimum === 'number' ? schema.exclusiveMinimum : undefined;
  const { minimum = above ?? -1e9, maximum = 1e9 } = schema;
  return fc.double({ min: minimum, minExcluded: minimum === above, max: maximum, noNaN: true });
}
