import type { ReadPacket } from '../stream/packet-blocks.ts';
import { PacketReader } from './packet-reader.ts';

const sizes = [700_000, 10, 1, 450_000, 3_000_000, 5];
const bytesOf = (index: number): Buffer => Buffer.alloc(sizes[index] ?? 0, index + 1);

/** Writes what ffmpeg would, at most `step` bytes at a time. */
function write(reader: PacketReader, data: Buffer, step: number): void {
  for (let at = 0; at < data.length; ) {
    const taken = data.copy(reader.freeSpace().subarray(0, step), 0, at);
    reader.filled(taken);
    at += taken;
  }
}

test.each([
  ['its bytes', true],
  ['its size', false],
])('each packet is whole and stays as it was, also across blocks, whether %s come first', (_, bytesFirst) => {
  const read: ReadPacket[] = [];
  const reader = new PacketReader({ onPacket: (packet) => read.push(packet) });
  for (const [index, bytes] of sizes.entries()) {
    const line = { key: index === 0, bytes };
    if (!bytesFirst) {
      reader.line(line);
    }
    write(reader, bytesOf(index), 65_536);
    if (bytesFirst) {
      reader.line(line);
    }
  }
  expect(read.map(({ key }) => key)).toEqual([true, false, false, false, false, false]);
  expect(read.map(({ data }, index) => data.equals(bytesOf(index)))).toEqual(sizes.map(() => true));
});

test('the memory of forgotten packets is used again, and none that is kept is written over', () => {
  const kept: (ReadPacket & { readonly filledWith: number })[] = [];
  const memories = new Set<ArrayBufferLike>();
  let sent = 0;
  const reader = new PacketReader({
    onPacket: (packet) => {
      memories.add(packet.data.buffer);
      kept.push({ ...packet, filledWith: sent });
    },
  });
  for (sent = 0; sent < 250; sent++) {
    reader.line({ key: false, bytes: 100_000 });
    write(reader, Buffer.alloc(100_000, sent), 65_536);
    if (kept.length > 20) {
      kept.shift()?.block.release();
    }
    expect(kept.every(({ data, filledWith }) => data[0] === filledWith && data.at(-1) === filledWith)).toBe(true);
  }
  // 25 MB went through; 2 MB are kept
  expect(memories.size).toBeLessThanOrEqual(7);
});
