import fc from 'fast-check';
import { charsets } from '../../config/espa-charsets.ts';
import { lineText } from './text.ts';

test.each([
  ['ascii', 'Caída: Sra. Núñez (habitación 2)', 'Caida: Sra. Nunez (habitacion 2)'],
  ['ascii', 'DRILL · Fall: Łukasz Strauß', 'DRILL - Fall: Lukasz Strauss'],
  ['latin1', 'Caída: Sra. Núñez', 'Caída: Sra. Núñez'],
  ['latin1', 'Łukasz – “Œuvre”', 'Lukasz - "OEuvre"'],
  ['iso646-es', 'Caída: Sra. Núñez [2]', 'Caida: Sra. Nu|ez (2)'],
  ['iso646-de', 'Sturz: Müller, Zimmer 2', 'Sturz: M}ller, Zimmer 2'],
  ['iso646-de', 'Größe {x}', 'Gr|~e (x)'],
  ['iso646-se', 'Fall: Åsa Öberg', 'Fall: ]sa \\berg'],
  ['ascii', '部屋 2', '?? 2'],
] as const)('in %s "%s" is written "%s"', (charset, message, written) => {
  expect(lineText(message, charset, 128)).toBe(written);
});

test('no text can end a block, and none is longer than the display', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...charsets), (message, charset) => {
      const written = lineText(message, charset, 64);
      expect(written.length).toBeLessThanOrEqual(64);
      expect(written).toMatch(charset === 'latin1' ? /^[\x20-\x7e\xa0-\xff]*$/ : /^[\x20-\x7e]*$/);
    }),
  );
});
