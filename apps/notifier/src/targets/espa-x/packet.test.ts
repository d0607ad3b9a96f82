import fc from 'fast-check';
import { encodePacket, readPackets } from './packet.ts';

const at = '2026-01-01T10:00:00';
/** Everything that XML can carry. */
const text = fc
  .string({ unit: 'binary', maxLength: 32 })
  .map((one) => one.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''));
const packets = fc.record({
  name: fc.constantFrom('REQ.P-START', 'IND.P-EVENT'),
  invokeId: fc.option(fc.integer({ min: 1, max: 0x7fff_ffff }), { nil: undefined }),
  sessionId: fc.option(text, { nil: undefined }),
  fields: fc.dictionary(fc.constantFrom('CP-TEXTMSG', 'CP-PR-REF', 'SS-NETW-NAME'), text),
});

test('a packet has the header and the XML that alarm servers expect', () => {
  const packet = { name: 'REQ.P-START', invokeId: 5, sessionId: 's-1', fields: { 'CP-TEXTMSG': 'Zimmer <2> & "3"' } };
  const bytes = Buffer.from(encodePacket(packet, at));
  expect([bytes.toString('latin1', 0, 2), bytes.readUInt32BE(2), bytes.readUInt32BE(6)]).toEqual([
    'EX',
    bytes.length,
    5,
  ]);
  expect(bytes.toString('utf8', 10)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><ESPA-X xmlns="http://ns.espa-x.org/espa-x" version="1.00" timestamp="2026-01-01T10:00:00">' +
      '<REQ.P-START invokeID="5" sessionID="s-1"><CP-TEXTMSG>Zimmer &#60;2&#62; &#38; &#34;3&#34;</CP-TEXTMSG></REQ.P-START></ESPA-X>',
  );
});

test('a text with any line end that Unicode knows arrives as it was sent', () => {
  const fields = { 'CP-TEXTMSG': 'a\r\n\u0085\u2028\u2029 b' };
  const sent = { name: 'REQ.P-START', invokeId: 1, sessionId: 's', fields };
  expect(readPackets(encodePacket(sent, at)).packets).toEqual([sent]);
});

test('every packet arrives as it was sent, in whatever pieces', () => {
  fc.assert(
    fc.property(fc.array(packets, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 200 }), (sent, size) => {
      const line = Buffer.concat(sent.map((packet) => encodePacket(packet, at)));
      const got = [];
      let rest: Uint8Array = new Uint8Array();
      for (let from = 0; from < line.length; from += size) {
        const read = readPackets(Buffer.concat([rest, line.subarray(from, from + size)]));
        got.push(...read.packets);
        rest = read.rest;
      }
      expect(got).toEqual(sent.map((packet) => ({ ...packet, fields: { ...packet.fields } })));
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['another protocol', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ['an impossible length', Buffer.from('EX\xff\xff\xff\xff\0\0\0\0', 'latin1')],
  ['a length shorter than the header', Buffer.from('EX\0\0\0\x03\0\0\0\0', 'latin1')],
])('%s ends the connection instead of waiting for ever', (_, bytes) => {
  expect(() => readPackets(bytes)).toThrow(RangeError);
});

test.each([
  ['no XML', '<ESPA-X'],
  ['another document', '<html/>'],
  ['a document type, which could grow without end', '<!DOCTYPE a [<!ENTITY b "c">]><ESPA-X><IND.ERROR/></ESPA-X>'],
])('%s is left out, and what follows is read', (_, xml) => {
  const body = Buffer.from(xml);
  const header = Buffer.from('EX\0\0\0\0\0\0\0\0', 'latin1');
  header.writeUInt32BE(body.length + 10, 2);
  const next = encodePacket({ name: 'IND.P-EVENT', invokeId: undefined, sessionId: 's', fields: {} }, at);
  expect(readPackets(Buffer.concat([header, body, next])).packets.map(({ name }) => name)).toEqual(['IND.P-EVENT']);
});
