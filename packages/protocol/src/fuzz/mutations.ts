import fc from 'fast-check';

/** Changes the JSON of a message; the result may be anything. */
export type Mutation = (value: unknown) => string;

/** Stands for a text that no JSON value writes. Replaced after the value was written. */
const placeholder = '@@raw@@';

/** What takes the place of a value: its text is written as it is. */
const oddTexts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('null', 'true', '""', '[]', '{}', '-1', '0', '-0', '0.5', '1e308', '9007199254740993', '[[]]'),
  fc.constantFrom(
    'NaN',
    'Infinity',
    '-Infinity',
    '1e400',
    '-1e400',
    `1${'0'.repeat(400)}`,
    'undefined',
    "'single'",
    '',
  ),
  fc.constantFrom('"\\ud800"', '"\\udfff\\ud800"', '"\\u0000"', '"\\u202e"', '"a\nb"', '"../../etc"', '"+"', '"#"'),
  fc.constantFrom('{"__proto__":{"a":1}}', '{"constructor":{"prototype":{}}}', '{"length":4294967295}'),
  fc.integer({ min: 1, max: 40 }).map(nestedLists),
  fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.stringify(value)),
);

function nestedLists(depth: number): string {
  return '['.repeat(depth) + ']'.repeat(depth);
}

function nestedObjects(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

/** What takes the place of a value and is large: nested to 10,000 levels, or up to 1 MiB. */
const largeTexts: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 30, max: 10_000 }).map(nestedLists),
  fc.integer({ min: 30, max: 10_000 }).map(nestedObjects),
  fc.integer({ min: 30, max: 10_000 }).map((depth) => '['.repeat(depth)),
  sizes(1).map((size) => `"${'x'.repeat(size)}"`),
  sizes(1).map((size) => ' '.repeat(size)),
  sizes(1).map((size) => `1${'0'.repeat(size)}`),
  sizes(2).map((size) => `[${'0,'.repeat(size)}0]`),
  sizes(3).map((size) => `[${'{},'.repeat(size)}{}]`),
  sizes(6).map((size) => `"${'\\u0000'.repeat(size)}"`),
  sizes(16).map((size) => `{${Array.from({ length: size }, (_, index) => `"${index}":0`).join()}}`),
);

/** How often a piece is repeated to fill up to 1 MiB. */
function sizes(bytes: number): fc.Arbitrary<number> {
  return fc.integer({ min: 3, max: 20 }).map((exponent) => Math.max(1, Math.floor(2 ** exponent / bytes) - 64));
}

/** Replaces, removes or adds one value anywhere in the message. */
const ofOneValue: fc.Arbitrary<Mutation> = fc
  .tuple(fc.nat(), fc.constantFrom('replace', 'replace', 'remove', 'add'), oddTexts)
  .map(
    ([at, how, text]) =>
      (value) =>
        changed(value, at, how, text),
  );

const ofSize: fc.Arbitrary<Mutation> = fc.tuple(fc.nat(), fc.constantFrom('replace', 'add'), largeTexts).map(
  ([at, how, text]) =>
    (value) =>
      changed(value, at, how, text),
);

/** Changes the text as a whole. */
const ofText: fc.Arbitrary<Mutation> = fc.oneof(
  fc.constantFrom<Mutation>(
    (value) => `\ufeff${write(value)}`,
    (value) => `${write(value)}\0\0`,
    (value) => `${write(value)}\0${write(value)}`,
    (value) => `${write(value)}${write(value)}`,
    (value) => write(value).replaceAll('"', "'"),
    (value) => `[${write(value)}]`,
    (value) => JSON.stringify(write(value)),
    () => '',
  ),
  fc.double({ min: 0, max: 1, noNaN: true }).map<Mutation>((share) => (value) => {
    const text = write(value);
    return text.slice(0, Math.floor(text.length * share));
  }),
  fc.nat().map<Mutation>((at) => (value) => withDuplicateKey(value, at)),
  fc.string({ maxLength: 40, unit: 'binary' }).map<Mutation>((text) => () => text),
);

/** Small mutations. */
export const mutations: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: ofOneValue, weight: 4 },
  { arbitrary: ofText, weight: 1 },
);

/** Mutations that nest deeply or make the message large. */
export const largeMutations: fc.Arbitrary<Mutation> = ofSize;

/** Writes a value as JSON. */
export function write(value: unknown): string {
  return JSON.stringify(value) ?? 'null';
}

function changed(value: unknown, at: number, how: string, text: string): string {
  const copy: { root: unknown } = { root: structuredClone(value) };
  const spots = spotsOf(copy);
  const spot = spots[at % spots.length];
  if (spot === undefined) return text;
  const { holder, key } = spot;
  const inside = holder[key];
  if (how === 'remove') {
    delete holder[key];
  } else if (how === 'add' && isHolder(inside)) {
    inside[at % 2 === 0 ? 'unknown_field' : '__proto__ '] = placeholder;
  } else {
    holder[key] = placeholder;
  }
  return write(copy.root).replace(`"${placeholder}"`, () => text);
}

function withDuplicateKey(value: unknown, at: number): string {
  const keys = isHolder(value) ? Object.keys(value) : [];
  const key = keys[at % keys.length];
  const text = write(value);
  return key === undefined ? text : `{${JSON.stringify(key)}:[],${text.slice(1)}`;
}

interface Spot {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every place of a value, the whole first. */
function spotsOf(holder: object): Spot[] {
  return Object.entries(holder).flatMap(([key, inside]) => [
    { holder: holder as Record<string, unknown>, key },
    ...(isHolder(inside) ? spotsOf(inside) : []),
  ]);
}

function isHolder(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
