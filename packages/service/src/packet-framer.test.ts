import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { PacketFramer, type SkippedPublish } from './packet-framer.ts';

function framer(maxPacketBytes = 1000) {
  const packets: Buffer[] = [];
  const skipped: SkippedPublish[] = [];
  const one = new PacketFramer({
    maxPacketBytes,
    onPacket: (packet) => packets.push(packet),
    onSkipped: (publish) => skipped.push(publish),
  });
  return { packets, skipped, feed: (chunk: Buffer) => one.feed(chunk) };
}

function publish(topic: string, bytes: number, qos: 0 | 1 = 0, messageId = 0): Buffer {
  const payload = Buffer.alloc(bytes, 'x');
  return generate({ cmd: 'publish', topic, payload, qos, messageId, dup: false, retain: false });
}

test('finds every packet however the network cuts the bytes, and passes over those above the limit', () => {
  const packet = fc.record({
    topic: fc.string({ minLength: 1, maxLength: 50 }),
    bytes: fc.integer({ min: 0, max: 2000 }),
    qos: fc.constantFrom<0 | 1>(0, 1),
    messageId: fc.integer({ min: 1, max: 65_535 }),
  });
  const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 20 });
  const property = fc.property(fc.array(packet, { minLength: 1, maxLength: 10 }), cuts, (given, sizes) => {
    const whole = given.map((one) => publish(one.topic, one.bytes, one.qos, one.messageId));
    const bytes = Buffer.concat(whole);
    const { packets, skipped, feed } = framer();
    for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
      const size = sizes[turn % sizes.length] ?? 1;
      feed(bytes.subarray(at, at + size));
      at += size;
    }
    expect(packets).toEqual(whole.filter((one) => one.length <= 1000));
    expect(skipped).toEqual(
      given
        .map(({ topic, qos, messageId }, index) => ({
          topic,
          qos,
          messageId: qos === 1 ? messageId : undefined,
          bytes: whole[index]?.length ?? 0,
        }))
        .filter((one) => one.bytes > 1000),
    );
  });
  fc.assert(property);
});

test.each([
  ['a length of five bytes', Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 0x01])],
  ['a large packet that is not a PUBLISH', Buffer.from([0x90, 0xff, 0x7f, 0, 0])],
  [
    'a large PUBLISH whose topic is longer than the packet',
    Buffer.from([0x32, 0xe9, 0x07, 0xff, 0xff, ...Buffer.alloc(66_000)]),
  ],
])('refuses %s', (_, bytes) => {
  expect(() => framer().feed(bytes)).toThrow();
});

test('a large packet that arrives in small pieces costs linear time', () => {
  const { packets, feed } = framer(64 * 1024 * 1024);
  const bytes = publish('t', 16 * 1024 * 1024);
  const before = performance.now();
  for (let at = 0; at < bytes.length; at += 1024) {
    feed(bytes.subarray(at, at + 1024));
  }
  expect(packets).toHaveLength(1);
  // 16,384 pieces: copying all of them at each piece would take minutes
  expect(performance.now() - before).toBeLessThan(5000);
});
