import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { type OnMyWayClaim, readOnMyWay, signOnMyWay } from './token.ts';

const key = randomBytes(32);
const claims: fc.Arbitrary<OnMyWayClaim> = fc.record({
  incidentId: fc.string({ maxLength: 40 }),
  by: fc.string({ unit: 'grapheme', maxLength: 64 }),
  messageId: fc.stringMatching(/^[0-9a-f]{32}$/),
  expiresAt: fc.integer({ min: 0, max: 4e9 }),
});

test('a token gives back exactly what it was made for', () => {
  fc.assert(fc.property(claims, (claim) => expect(readOnMyWay(key, signOnMyWay(key, claim))).toEqual(claim)));
});

test('a token with any other character is worth nothing', () => {
  const alphabet = 'ABCabc019-_.';
  fc.assert(
    fc.property(claims, fc.nat(), fc.constantFrom(...alphabet), (claim, position, character) => {
      const token = signOnMyWay(key, claim);
      const at = position % token.length;
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      fc.pre(changed !== token);
      expect(readOnMyWay(key, changed)).toBeUndefined();
      expect(readOnMyWay(key, `${token}A`)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('a token of another site, or none at all, is worth nothing', () => {
  const token = signOnMyWay(randomBytes(32), { incidentId: 'inc-1', by: 'Ana', messageId: 'm', expiresAt: 1 });
  for (const text of [token, '', '.', 'a.b', `${token}.x`]) {
    expect(readOnMyWay(key, text)).toBeUndefined();
  }
});
