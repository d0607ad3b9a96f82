import { PacketReader, type ReadPacket } from './packet-reader.ts';

const sizes = [700_000, 10, 1, 450_000, 3_000_000, 5];
const bytesOf = (index: number): Buffer => Buffer.alloc(sizes[index] ?? 0, index + 1);

/** Writes what ffmpeg would, at most `step` bytes at a time. */
function write(reader: PacketReader, data: Buffer, step: number): void {
  for (let at = 0; at < data.length; ) {
    const taken = data.copy(reader.room().subarray(0, step), 0, at);
    reader.took(taken);
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
    if (!bytesFirst) reader.line(line);
    write(reader, bytesOf(index), 65_536);
    if (bytesFirst) reader.line(line);
  }
  expect(read.map(({ key }) => key)).toEqual([true, false, false, false, false, false]);
  expect(read.map(({ data }, index) => data.equals(bytesOf(index)))).toEqual(sizes.map(() => true));
});
