import { z } from 'zod';
import { fallReportSchema } from '../fall-report.ts';
import { maxEntries } from '../fields.ts';
import { policySchema } from '../policy.ts';
import { channels, type KnownChannel } from './channels.ts';
import { decodeMessage } from './message.ts';

interface Json {
  readonly [key: string]: unknown;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The keywords of JSON Schema whose value is a schema, a list of schemas, or schemas by name. */
const single = ['items', 'additionalProperties', 'propertyNames', 'not', 'contains'];
const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const named = ['properties', '$defs', 'patternProperties'];

/** Paths of the texts, lists and free objects in a JSON schema whose size has no bound. */
function unbounded(schema: unknown, path: string): string[] {
  if (!isJson(schema)) return [];
  const children: [string, unknown][] = [
    ...single.map((key): [string, unknown] => [key, schema[key]]),
    ...lists.flatMap((key) =>
      Array.isArray(schema[key]) ? schema[key].map((one): [string, unknown] => [key, one]) : [],
    ),
    ...named.flatMap((key) => Object.entries((schema[key] as Json | undefined) ?? {})),
  ];
  const inside = children.flatMap(([key, child]) => unbounded(child, `${path}.${key}`));
  return isUnbounded(schema) ? [path, ...inside] : inside;
}

function isUnbounded(schema: Json): boolean {
  switch (schema.type) {
    case 'string':
      return !['maxLength', 'enum', 'const'].some((key) => key in schema) && !isShort(schema.pattern);
    case 'array':
      return !('maxItems' in schema) && !('prefixItems' in schema);
    case 'object':
      return hasFreeKeys(schema) && !('maxProperties' in schema);
    default:
      return false;
  }
}

/** Whether the keys are free, and their values described. Further fields of unknown content are bounded by the entry point. */
function hasFreeKeys({ additionalProperties, propertyNames }: Json): boolean {
  const described = isJson(additionalProperties) && Object.keys(additionalProperties).length > 0;
  return (described || propertyNames !== undefined) && !(isJson(propertyNames) && 'enum' in propertyNames);
}

/** Whether an expression from start to end repeats nothing without a limit. */
function isShort(pattern: unknown): boolean {
  return (
    typeof pattern === 'string' && /^\^.*\$$/.test(pattern) && !/[*+]|\{\d+,\}/.test(pattern.replace(/\[[^\]]*\]/g, ''))
  );
}

const schemas = Object.values(channels as Readonly<Record<string, KnownChannel>>).flatMap(
  (channel): [string, z.ZodType][] => [
    [channel.name, channel.schema],
    ...Object.entries(channel.variants ?? {}).map(([name, schema]): [string, z.ZodType] => [
      `${channel.name} ${name}`,
      schema,
    ]),
  ],
);

test.each(schemas)('every text, list and free object of %s has a bound', (name, schema) => {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  expect(unbounded(json, name)).toEqual([]);
});

/** A sensor may send more in a fall report, which is not described. */
const bounded = Object.values<KnownChannel>(channels).filter(
  (channel) => channel.encoding === 'json' && channel.schema !== fallReportSchema,
);

test.each(bounded.map((channel): [string, KnownChannel] => [channel.name, channel]))(
  '%s: an object or a list with too many entries is rejected within milliseconds',
  (_, channel) => {
    for (const [entry, open, close] of [
      ['1', '[', ']'],
      ['"1":{}', '{', '}'],
    ]) {
      const list = (count: number) => `{"rooms":${open}${Array(count).fill(entry).join()}${close}}`;
      const decode = (text: string) =>
        decodeMessage(channel, {}, { topic: '', payload: new TextEncoder().encode(text), retain: false });
      const tooMany = list(maxEntries + 1);
      const reason = tooMany.length > channel.maxBytes ? 'too_large' : 'too_many_entries';
      expect(decode(tooMany)).toMatchObject({ ok: false, rejection: { reason } });
      expect(decode(list(maxEntries))).not.toMatchObject({ rejection: { reason: 'too_many_entries' } });
      const largest = list(Math.floor(channel.maxBytes / 8));
      const startMs = performance.now();
      expect(decode(largest)).toMatchObject({ ok: false });
      expect(performance.now() - startMs).toBeLessThan(200);
    }
  },
);

test('a policy file with more rooms than any site has is rejected, and one with fewer is accepted', () => {
  const policy = (rooms: number) => ({
    rooms: Object.fromEntries(Array.from({ length: rooms }, (_, room) => [String(room), { home: 'processor-a' }])),
  });
  expect(policySchema.safeParse(policy(maxEntries)).error).toBeUndefined();
  const { error } = policySchema.safeParse(policy(maxEntries + 1));
  expect(error?.issues.map(({ message, path }) => [path, message])).toEqual([
    [['rooms'], 'must have at most 2000 entries'],
  ]);
});
