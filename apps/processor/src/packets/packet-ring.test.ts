import { PacketBlock } from '../stream/packet-blocks.ts';
import type { Packet } from './packet.ts';
import { PacketBudget, PacketRing } from './packet-ring.ts';

interface Camera {
  readonly limits?: { seconds?: number; roomBytes?: number; totalBytes?: number };
  /** Packets between two with which decoding can begin; there are ten packets of 100 bytes per second. */
  readonly group?: number;
  readonly rings?: number;
  readonly seconds?: number;
}

const packetAt = (index: number, group: number, block?: PacketBlock): Packet => ({
  data: Buffer.alloc(100),
  block,
  key: index % group === 0,
  receivedMs: index * 100,
});

function filled({ limits = {}, group = 20, rings = 1, seconds = 100 }: Camera): readonly PacketRing[] {
  const budget = new PacketBudget({ seconds: 45, roomBytes: 1e9, totalBytes: 1e9, ...limits });
  const all = Array.from({ length: rings }, () => new PacketRing({ budget, begins: ({ key }) => key }));
  for (let index = 0; index <= seconds * 10; index++) {
    for (const ring of all) {
      ring.add(packetAt(index, group));
    }
  }
  return all;
}

test('the last 45 s are kept, from a keyframe on, and no more than one group beyond them', () => {
  const [ring] = filled({});
  const first = ring?.packets[0];
  expect(first?.key).toBe(true);
  expect(first?.receivedMs).toBeLessThanOrEqual(55_000);
  expect(first?.receivedMs).toBeGreaterThan(53_000);
  expect(ring?.packets.at(-1)?.receivedMs).toBe(100_000);
  expect(ring?.bytes).toBe((ring?.packets.length ?? 0) * 100);
});

test('the memory of a room is bounded whatever its bit rate is, and what is kept can be decoded', () => {
  const [ring] = filled({ limits: { roomBytes: 10_000 } });
  expect(ring?.bytes).toBeLessThanOrEqual(10_000);
  expect(ring?.bytes).toBeGreaterThan(7000);
  expect(ring?.packets[0]?.key).toBe(true);
});

test('packets with which decoding cannot begin are not kept, and their memory is used again', () => {
  const ring = new PacketRing({
    budget: new PacketBudget({ seconds: 45, roomBytes: 1e9, totalBytes: 1e9 }),
    begins: () => false,
  });
  let unused = 0;
  for (let index = 0; index < 100; index++) {
    const block = new PacketBlock(100, () => unused++);
    block.use();
    ring.add(packetAt(index, 20, block));
  }
  expect([ring.bytes, ring.packets.length, unused]).toEqual([0, 0, 100]);
});

test.each([
  ['alone takes more than the memory of the room', { limits: { roomBytes: 10_000 }, group: 1000, seconds: 99 }],
  ['goes on for more than twice the time that is kept', { group: 5000 }],
] as const)(
  'a group of packets that %s is forgotten as a whole: without its beginning it cannot be decoded',
  (_, camera) => {
    const [ring] = filled(camera);
    expect([ring?.bytes, ring?.packets.length]).toEqual([0, 0]);
    ring?.add(packetAt(10_000, 20));
    expect(ring?.packets).toHaveLength(1);
  },
);

test('rooms share the memory of the machine equally, and a room that leaves gives its share back', () => {
  const rings = filled({ limits: { totalBytes: 40_000 }, rings: 4 });
  for (const ring of rings) {
    expect(ring.bytes).toBeLessThanOrEqual(10_000);
  }
  for (const ring of rings.slice(1)) {
    ring.close();
  }
  const [left] = rings;
  for (let index = 1001; index <= 1300; index++) {
    left?.add(packetAt(index, 20));
  }
  expect(left?.bytes).toBeGreaterThan(30_000);
});

test('a decoder can begin with the last keyframe', () => {
  const [ring] = filled({});
  expect(ring?.lastGroup[0]).toMatchObject({ key: true, receivedMs: 100_000 });
});
