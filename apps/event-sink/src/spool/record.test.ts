import fc from 'fast-check';
import { decodeRecord, encodeRecord, findRecord, RECORD_HEADER_BYTES } from './record.ts';

const record = (ordinal: number, text: string) =>
  encodeRecord({ ordinal, atMs: 1_700_000_000_000 + ordinal, payload: Buffer.from(text) });

describe('a spool record', () => {
  it('comes back as it was written, behind whatever stands before it', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.nat(4_000_000_000),
        fc.nat({ max: 2 ** 47 }),
        fc.nat(40),
        (text, ordinal, atMs, before) => {
          const data = Buffer.concat([
            Buffer.alloc(before, 7),
            encodeRecord({ ordinal, atMs, payload: Buffer.from(text) }),
          ]);
          const decoded = decodeRecord(data, before);
          expect(decoded).toMatchObject({ kind: 'record', next: data.length, record: { ordinal, atMs } });
          expect(decoded.kind === 'record' && decoded.record.payload.toString()).toBe(text);
        },
      ),
    );
  });

  it('is never taken for sound after any single byte has changed', () => {
    const good = record(3, '{"fall": true}');
    for (let at = 0; at < good.length; at += 1) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x41;
      expect(decodeRecord(bad, 0).kind).not.toBe('record');
    }
  });

  it('is incomplete at every cut, and reports how much it needs once its length is known', () => {
    const good = record(0, 'payload');
    for (let length = 0; length < good.length; length += 1) {
      const decoded = decodeRecord(good.subarray(0, length), 0);
      expect(decoded).toEqual({
        kind: 'incomplete',
        needs: length < RECORD_HEADER_BYTES ? RECORD_HEADER_BYTES : good.length,
      });
    }
  });

  it('is found behind damage, also when the damage looks like the mark of a record', () => {
    const damage = Buffer.concat([Buffer.from([0xff, 0xa7]), Buffer.alloc(30, 0xff), Buffer.from([0xff, 0xa7, 1, 0])]);
    const data = Buffer.concat([damage, record(9, 'after')]);
    expect(findRecord(data, 0)).toBe(damage.length);
    expect(findRecord(damage, 0)).toBeUndefined();
  });
});
