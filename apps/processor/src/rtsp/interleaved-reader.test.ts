import fc from 'fast-check';
import { InterleavedReader } from './interleaved-reader.ts';
import { RtspError } from './rtsp-error.ts';
import type { RtspMessage } from './rtsp-message.ts';

function read(parts: readonly Buffer[]) {
  const messages: RtspMessage[] = [];
  const packets: { readonly channel: number; readonly data: Buffer }[] = [];
  let garbage = 0;
  const reader = new InterleavedReader({
    onMessage: (message) => messages.push(message),
    onPacket: (channel, memory, from, to) => packets.push({ channel, data: Buffer.from(memory.subarray(from, to)) }),
    onGarbage: () => garbage++,
  });
  for (const part of parts) {
    // as in use: the memory of a read is written over by the next one
    const memory = Buffer.from(part);
    reader.take(memory);
    memory.fill(0xff);
  }
  return { messages, packets, garbage };
}

const packet = (channel: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x24, channel, data.length >> 8, data.length & 255]), data]);
const answer = Buffer.from('RTSP/1.0 200 OK\r\nCSeq: 7\r\nContent-Length: 5\r\n\r\nhello');

test('packets and messages are separated, wherever the reads are cut', () => {
  const data = fc.uint8Array({ maxLength: 5000 }).map((bytes) => Buffer.from(bytes));
  const piece = fc.oneof(
    data.map((bytes) => packet(0, bytes)),
    fc.constant(answer),
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1 }),
      (pieces, sizes) => {
        const all = Buffer.concat(pieces);
        const reads: Buffer[] = [];
        for (let at = 0, turn = 0; at < all.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          reads.push(all.subarray(at, at + size));
          at += size;
        }
        const { messages, packets, garbage } = read(reads);
        expect(packets.map(({ data: bytes }) => packet(0, bytes))).toEqual(pieces.filter((one) => one[0] === 0x24));
        expect(messages.length).toBe(pieces.filter((one) => one === answer).length);
        expect(
          messages.every(({ body, sequence, status }) => body === 'hello' && sequence === 7 && status === 200),
        ).toBe(true);
        expect(garbage).toBe(0);
      },
    ),
  );
});

test('a request of the camera and lines that end with a line feed alone are understood', () => {
  const { messages } = read([Buffer.from('\r\nANNOUNCE rtsp://cam/1 RTSP/1.0\nCSeq: 3\n\n'), answer]);
  expect(messages.map(({ status, sequence }) => [status, sequence])).toEqual([
    [undefined, 3],
    [200, 7],
  ]);
});

test('garbage between packets is passed over and reported', () => {
  const { packets, garbage } = read([Buffer.from([1, 2, 3]), packet(0, Buffer.from('a'))]);
  expect(packets.length).toBe(1);
  expect(garbage).toBe(1);
});

test.each([
  ['garbage without an end', Buffer.alloc(100_000, 1), 11],
  ['a message without an end', Buffer.alloc(10_000, 'A'), 3],
  ['a message that is too long', Buffer.from('RTSP/1.0 200 OK\r\nContent-Length: 99999999\r\n\r\n'), 1],
  ['something that is not RTSP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 1],
])('%s ends the session', (_, part, count) => {
  expect(() => read(Array.from({ length: count }, () => part))).toThrow(RtspError);
});

test('whatever comes, nothing but a refusal is thrown', () => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((values) => Buffer.from(values));
  const text = fc
    .constantFrom('$\0', 'RTSP/1.0 ', 'Content-Length: 9\r\n', '\r\n\r\n', '\n\n')
    .map((words) => Buffer.from(words));
  fc.assert(
    fc.property(fc.array(fc.oneof(bytes, text), { maxLength: 40 }), (parts) => {
      try {
        read(parts);
      } catch (error) {
        expect(error).toBeInstanceOf(RtspError);
      }
    }),
  );
});
