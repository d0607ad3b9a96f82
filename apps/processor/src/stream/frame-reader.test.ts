import fc from 'fast-check';
import { FrameReader } from './frame-reader.ts';

/** As a pipe does: no more at once than there is space for. */
function push(reader: FrameReader, bytes: Uint8Array): void {
  for (let taken = 0; taken < bytes.length; ) {
    const space = reader.freeSpace();
    const part = bytes.subarray(taken, taken + space.length);
    space.set(part);
    reader.filled(part.length);
    taken += part.length;
  }
}

function read(chunks: readonly Uint8Array[], frameBytes: number): number[][] {
  const frames: number[][] = [];
  const reader = new FrameReader({ frameBytes, onFrame: (data) => frames.push([...data]) });
  for (const chunk of chunks) {
    push(reader, chunk);
  }
  return frames;
}

test('however the pipe cuts them, frames come out whole and in order', () => {
  const cuts = fc.array(fc.nat(40), { maxLength: 10 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.uint8Array({ maxLength: 60 }), cuts, (size, bytes, at) => {
      const edges = [0, ...[...at].sort((a, b) => a - b).map((cut) => Math.min(cut, bytes.length)), bytes.length];
      const chunks = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
      const frames = read(chunks, size);
      expect(frames).toHaveLength(Math.floor(bytes.length / size));
      expect(frames.flat()).toEqual([...bytes.subarray(0, frames.length * size)]);
    }),
  );
});

test('a frame that was handed out is left alone until two more have come', () => {
  const frames: Buffer[] = [];
  const reader = new FrameReader({ frameBytes: 2, onFrame: (data) => frames.push(data) });
  push(reader, Uint8Array.from([1, 1, 2, 2, 3, 3]));
  expect(frames.map((frame) => frame[0])).toEqual([1, 2, 3]);
  push(reader, Uint8Array.from([4, 4]));
  expect(frames[1]?.[0]).toBe(2);
});
