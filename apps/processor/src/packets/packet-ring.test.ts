import { PacketBudget, PacketRing } from './packet-ring.ts';

/** Ten packets of 100 bytes per second, a keyframe every two seconds or never. */
function filled(limits: { seconds?: number; roomBytes?: number; totalBytes?: number }, keyframes = true, rings = 1) {
  const budget = new PacketBudget({ seconds: 45, roomBytes: 1e9, totalBytes: 1e9, ...limits });
  const all = Array.from({ length: rings }, () => new PacketRing(budget));
  for (let index = 0; index <= 1000; index++) {
    const key = keyframes && index % 20 === 0;
    for (const ring of all) {
      ring.add({ data: Buffer.alloc(100), block: undefined, key, receivedMs: index * 100 });
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

test.each([
  ['with keyframes', true],
  ['without any keyframe', false],
])('the memory of a room is bounded whatever its bit rate is (%s)', (_, keyframes) => {
  const [ring] = filled({ roomBytes: 10_000 }, keyframes);
  expect(ring?.bytes).toBeLessThanOrEqual(10_000);
  expect(ring?.bytes).toBeGreaterThan(7000);
  expect(ring?.packets[0]?.key).toBe(keyframes);
});

test('rooms share the memory of the machine equally, and a room that leaves gives its share back', () => {
  const rings = filled({ totalBytes: 40_000 }, true, 4);
  for (const ring of rings) {
    expect(ring.bytes).toBeLessThanOrEqual(10_000);
  }
  for (const ring of rings.slice(1)) {
    ring.close();
  }
  const [left] = rings;
  for (let index = 1001; index <= 1300; index++) {
    left?.add({ data: Buffer.alloc(100), block: undefined, key: index % 20 === 0, receivedMs: index * 100 });
  }
  expect(left?.bytes).toBeGreaterThan(30_000);
});

test('a decoder can begin with the last keyframe', () => {
  const [ring] = filled({});
  expect(ring?.lastGroup(({ key }) => key)[0]).toMatchObject({ key: true, receivedMs: 100_000 });
});
