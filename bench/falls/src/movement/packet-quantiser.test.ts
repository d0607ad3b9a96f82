import fc from 'fast-check';
import { PacketQuantiser } from './packet-quantiser.ts';

const codecs = ['h264', 'hevc'] as const;
const startCode = [0, 0, 0, 1];
/** The first byte of parameter sets and slices, so that random bytes reach all readers. */
const headers = { h264: [0x67, 0x68, 0x65, 0x41, 0x01], hevc: [0x42, 0x44, 0x26, 0x02, 0x2a] } as const;

describe.each(codecs)('the quantiser of %s packets', (codec) => {
  test('is read from any bytes without an error, in any order', () => {
    const unit = fc.tuple(fc.constantFrom(...headers[codec]), fc.uint8Array({ maxLength: 200 }));
    const packet = fc.array(unit, { maxLength: 5 });
    fc.assert(
      fc.property(fc.array(packet, { maxLength: 5 }), (packets) => {
        const reader = new PacketQuantiser(codec);
        for (const units of packets) {
          const bytes = units.flatMap(([header, body]) => [...startCode, header, ...body]);
          const facts = reader.take(Uint8Array.from(bytes));
          expect(facts === undefined || Number.isInteger(facts.quantiser)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('is not known before the parameter sets came', () => {
    expect(new PacketQuantiser(codec).take(Uint8Array.from([...startCode, headers[codec][2], 0xff]))).toBeUndefined();
    expect(new PacketQuantiser(codec).take(new Uint8Array())).toBeUndefined();
  });
});
