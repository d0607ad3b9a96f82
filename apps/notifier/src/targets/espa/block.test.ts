import fc from 'fast-check';
import { blockCheck, control, type EspaBlock, type EspaToken, encodeBlock, readTokens } from './block.ts';

const printable = fc.string({
  unit: fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code < 0x7f || code > 0x9f)
    .map((code) => String.fromCharCode(code)),
  maxLength: 128,
});
const blocks: fc.Arbitrary<EspaBlock> = fc.record({
  header: fc.constantFrom('1', '2', '3', '4'),
  records: fc.array(fc.tuple(fc.constantFrom('1', '2', '3', '4', '6', '7'), printable), { minLength: 1, maxLength: 6 }),
});

/** Reads the bytes as a line delivers them: in pieces of any length. */
function readInPieces(bytes: Uint8Array, sizes: readonly number[]): EspaToken[] {
  const tokens: EspaToken[] = [];
  let rest = new Uint8Array();
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    const read = readTokens(Uint8Array.from([...rest, ...bytes.slice(at, at + size)]));
    tokens.push(...read.tokens);
    rest = Uint8Array.from(read.rest);
    at += size;
  }
  return tokens;
}

test('a block has the bytes of the specification', () => {
  const short = encodeBlock({ header: '1', records: [['1', 'A']] });
  expect(Buffer.from(short).toString('hex')).toBe('013102311f41035f');
  const call = encodeBlock({
    header: '1',
    records: [
      ['1', '550'],
      ['2', 'CALL ME 101'],
      ['3', '3'],
    ],
  });
  expect(Buffer.from(call.slice(0, -1)).toString('latin1')).toBe('\x011\x021\x1f550\x1e2\x1fCALL ME 101\x1e3\x1f3\x03');
  expect(blockCheck(call.slice(1))).toBe(0);
});

test('every block arrives as it was sent, in whatever pieces the line delivers it', () => {
  fc.assert(
    fc.property(blocks, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (block, sizes) => {
      const line = Uint8Array.from([...encodeBlock(block), control.eot]);
      expect(readInPieces(line, sizes)).toEqual([{ kind: 'block', block }, { kind: 'end' }]);
    }),
  );
});

test('a check character that looks like a control character ends nothing', () => {
  const texts = Array.from({ length: 0x5f }, (_, at) => String.fromCharCode(0x20 + at)).flatMap((one) => [
    one,
    `${one}0`,
  ]);
  const found = texts.map((text) => encodeBlock({ header: '1', records: [['1', text]] }));
  const confusing = found.filter((bytes) =>
    ([control.eot, control.soh, control.enq] as number[]).includes(bytes.at(-1) ?? 0),
  );
  expect(confusing.length).toBeGreaterThan(2);
  for (const bytes of confusing) {
    expect(readTokens(bytes).tokens.map(({ kind }) => kind)).toEqual(['block']);
  }
});

test('a block with any wrong bit is never read as another block', () => {
  fc.assert(
    fc.property(blocks, fc.nat(), fc.integer({ min: 0, max: 7 }), (block, position, bit) => {
      const bytes = encodeBlock(block);
      const at = position % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
      // An end in the middle can be right by chance: eight bits protect no better.
      fc.pre(bytes[at] !== control.etx);
      expect(readTokens(bytes).tokens.map(({ kind }) => kind)).not.toContain('block');
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['a poll', '2\x05', [{ kind: 'enquiry', address: '2' }]],
  [
    'poll and selection at once',
    '1\x052\x05',
    [
      { kind: 'enquiry', address: '1' },
      { kind: 'enquiry', address: '2' },
    ],
  ],
  ['a refusal with its reason', '3\x15', [{ kind: 'nak', reason: '3' }]],
  ['a refusal without one', '\x15', [{ kind: 'nak', reason: '' }]],
  ['an acknowledgement and the end', '\x06\x04', [{ kind: 'ack' }, { kind: 'end' }]],
  ['a block that was given up half-way', '\x011\x021\x1f5\x04', [{ kind: 'damaged' }, { kind: 'end' }]],
  [
    'a last record that a separator ends',
    '\x011\x021\x1fA\x1e\x03\x41',
    [{ kind: 'block', block: { header: '1', records: [['1', 'A']] } }],
  ],
])('reads %s', (_, line, tokens) => {
  expect(readTokens(Buffer.from(line, 'latin1')).tokens).toEqual(tokens);
});

test('a line that never ends a block cannot fill the memory', () => {
  const { tokens, rest } = readTokens(Uint8Array.from([control.soh, ...new Uint8Array(100_000).fill(0x41)]));
  expect(tokens).toEqual([{ kind: 'damaged' }]);
  expect(rest.length).toBeLessThan(10);
});

test('a control character in a record is an error here, not a broken block there', () => {
  expect(() => encodeBlock({ header: '1', records: [['1', 'a\x04b']] })).toThrow(RangeError);
});
