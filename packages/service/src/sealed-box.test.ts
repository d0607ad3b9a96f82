import { createSealer, SealedBoxKey } from './sealed-box.ts';

const purpose = 'test';
const piece = Buffer.from('a frame');

/** A piece as it travels. */
function sealed(receiver: SealedBoxKey) {
  const sealer = createSealer(receiver.publicKey, purpose);
  return { senderKey: sealer.publicKey, index: 7, piece: sealer.seal(7, piece, 'room 2'), label: 'room 2' };
}

test('what was sealed for a key is opened with it, and shows nothing on its way', () => {
  const key = new SealedBoxKey();
  const travelling = sealed(key);
  expect(Buffer.from(travelling.piece, 'base64').includes(piece)).toBe(false);
  expect(key.open(travelling, purpose)).toEqual(piece);
});

test('another key opens nothing', () => {
  expect(new SealedBoxKey().open(sealed(new SealedBoxKey()), purpose)).toBeUndefined();
});

test('a piece that was changed, renumbered, relabelled or taken from another exchange is not opened', () => {
  const key = new SealedBoxKey();
  const travelling = sealed(key);
  const bytes = Buffer.from(travelling.piece, 'base64');
  bytes[0] = (bytes[0] ?? 0) ^ 1;
  expect(key.open({ ...travelling, piece: bytes.toString('base64') }, purpose)).toBeUndefined();
  expect(key.open({ ...travelling, piece: 'AAAA' }, purpose)).toBeUndefined();
  expect(key.open({ ...travelling, index: 8 }, purpose)).toBeUndefined();
  expect(key.open({ ...travelling, label: 'room 3' }, purpose)).toBeUndefined();
  expect(key.open({ ...travelling, senderKey: sealed(key).senderKey }, purpose)).toBeUndefined();
  expect(key.open(travelling, 'another purpose')).toBeUndefined();
});

test('nothing is sealed for a text that is not a key, or for a key that gives a known secret', () => {
  expect(() => createSealer('AAAA', purpose)).toThrow();
  expect(() => createSealer('A'.repeat(43), purpose)).toThrow();
});
