import { z } from 'zod';
import { policySchema } from './policy.ts';
import { isJsonRecord } from './policy-differences.ts';

interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly default?: unknown;
  readonly enum?: readonly (string | number)[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

/** `group`: an object with fields of its own; `record`: an object with free keys; `list`: of texts; `json`: anything else. */
type PolicyFieldKind = 'group' | 'record' | 'integer' | 'number' | 'boolean' | 'choice' | 'text' | 'list' | 'json';

/** One setting of the policy as a form shows it. */
export interface PolicyField {
  /** `*` stands for any key of a record: `['rooms', '*', 'home']`. */
  readonly path: readonly string[];
  readonly kind: PolicyFieldKind;
  /** A sentence in English. */
  readonly meaning: string;
  readonly unit?: string | undefined;
  readonly default?: unknown;
  readonly choices?: readonly (string | number)[] | undefined;
  readonly minimum?: number | undefined;
  /** The value must be larger than this. */
  readonly above?: number | undefined;
  readonly maximum?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly pattern?: string | undefined;
}

/** Returns every setting of the policy, groups before their fields, as the schema describes them. */
export function policyFields(): PolicyField[] {
  return fieldsIn(schemaOfPolicy(), []);
}

/**
 * Returns the paths of a policy that the schema does not know, except `x-…` at its top, which is for other programs. In a file they are
 * typing mistakes, and a misspelt limit would have no effect; in a policy on the broker they belong to a newer version and stay.
 */
export function unknownPolicyPaths(policy: unknown): string[] {
  return unknownIn(policy, schemaOfPolicy(), []);
}

function schemaOfPolicy(): JsonSchema {
  return z.toJSONSchema(policySchema, { io: 'input' }) as JsonSchema;
}

function fieldsIn({ properties = {} }: JsonSchema, path: readonly string[]): PolicyField[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const at = [...path, name];
    const values = describedValues(schema);
    const inner = values === undefined ? fieldsIn(schema, at) : fieldsIn(values, [...at, '*']);
    return [fieldOf(schema, at), ...inner];
  });
}

function fieldOf(schema: JsonSchema, path: readonly string[]): PolicyField {
  const { description = '', unit, minimum, exclusiveMinimum, maximum, maxLength, pattern } = schema;
  const kind = kindOf(schema);
  const hasFields = kind === 'group' || kind === 'record';
  return {
    path,
    kind,
    meaning: description,
    unit,
    default: hasFields ? undefined : schema.default,
    choices: schema.enum,
    minimum,
    above: exclusiveMinimum,
    maximum,
    maxLength,
    pattern,
  };
}

function kindOf(schema: JsonSchema): PolicyFieldKind {
  if (schema.properties !== undefined) return 'group';
  if (describedValues(schema) !== undefined) return 'record';
  if (schema.enum !== undefined) return 'choice';
  switch (schema.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return schema.type;
    case 'string':
      return 'text';
    case 'array':
      return schema.items?.type === 'string' ? 'list' : 'json';
    default:
      return 'json';
  }
}

/** The schema of the values of a record. */
function describedValues({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  if (!isJsonRecord(additionalProperties) || Object.keys(additionalProperties).length === 0) return undefined;
  return additionalProperties as JsonSchema;
}

function unknownIn(value: unknown, schema: JsonSchema, path: readonly string[]): string[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, index) => unknownIn(item, items, [...path, String(index)]));
  }
  const values = describedValues(schema);
  if (!isJsonRecord(value) || (schema.properties === undefined && values === undefined)) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (path.length === 0 && key.startsWith('x-')) return [];
    const known = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : values;
    return known === undefined ? [[...path, key].join('.')] : unknownIn(inner, known, [...path, key]);
  });
}
