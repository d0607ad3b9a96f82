import { createHmac } from 'node:crypto';
import { sign, verify } from './sign.ts';

const good = { secret: 's', timestamp: '1767261600', body: '{"a":1}', nowS: 1_767_261_605 };
const signature = sign(good.secret, good.timestamp, good.body);

test('is HMAC-SHA256 over timestamp, dot and body, as documented', () => {
  expect(signature).toBe(`v1=${createHmac('sha256', 's').update('1767261600.{"a":1}').digest('hex')}`);
  expect(verify({ ...good, signature })).toBe(true);
});

test.each([
  ['another body', { body: '{"a":2}' }],
  ['another secret', { secret: 't' }],
  ['another time', { timestamp: '1767261601' }],
  ['an old message', { nowS: 1_767_262_600 }],
  ['a cut signature', { signature: signature.slice(0, 20) }],
])('refuses %s', (_, change) => {
  expect(verify({ ...good, signature, ...change })).toBe(false);
});
