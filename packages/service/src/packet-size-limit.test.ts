import { DEFAULT_MAX_PACKET_BYTES, PacketSizeLimit } from './packet-size-limit.ts';

/** One connection: opens, sends one packet after `afterMs`, and ends right after it. */
function connectionThatDies(
  limit: PacketSizeLimit,
  startMs: number,
  afterMs: number,
  bytes: number,
): number | undefined {
  limit.connected(undefined, startMs);
  limit.sent(startMs, bytes, startMs + afterMs);
  return limit.ended(undefined, startMs + afterMs + 5);
}

describe('the largest packet that may be sent', () => {
  test.each([
    [undefined, undefined, DEFAULT_MAX_PACKET_BYTES],
    [undefined, 5000, 5000],
    [undefined, 50_000_000, 50_000_000],
    [20_000, undefined, 20_000],
    [20_000, 5000, 5000],
    [20_000, 50_000, 20_000],
  ])('with the setting %s and the announced limit %s it is %s bytes', (setting, announced, expected) => {
    const limit = new PacketSizeLimit(setting);
    limit.connected(announced, 0);
    expect(limit.bytes).toBe(expected);
  });

  test('is learned from two calm connections that end right after a packet that was suspected', () => {
    const limit = new PacketSizeLimit(undefined);
    expect(connectionThatDies(limit, 0, 10, 20_000)).toBeUndefined();
    limit.connected(undefined, 2000);
    expect(limit.heldUntil(20_000, 2000)).toBe(3000);
    expect(limit.heldUntil(5000, 2000)).toBe(0);
    expect(connectionThatDies(limit, 2000, 1000, 20_000)).toBeUndefined();
    expect(connectionThatDies(limit, 5000, 1000, 20_000)).toBe(19_999);
    expect(limit.bytes).toBe(19_999);
  });

  test('is known at once from the reason code for it', () => {
    const limit = new PacketSizeLimit(undefined);
    limit.connected(undefined, 0);
    limit.sent(1, 20_000, 10);
    expect(limit.ended(0x95, 20)).toBe(19_999);
  });

  test('is not learned from lines that end within a second, however often', () => {
    const limit = new PacketSizeLimit(undefined);
    for (let count = 0; count < 100; count += 1) {
      expect(connectionThatDies(limit, count * 2000, 10, 20_000)).toBeUndefined();
    }
    expect(limit.bytes).toBe(DEFAULT_MAX_PACKET_BYTES);
  });

  test('is not learned from a line that ends long after the packet', () => {
    const limit = new PacketSizeLimit(undefined);
    for (let count = 0; count < 10; count += 1) {
      limit.connected(undefined, count * 20_000);
      limit.sent(count, 20_000, count * 20_000 + 2000);
      expect(limit.ended(undefined, count * 20_000 + 10_000)).toBeUndefined();
    }
  });

  test('is not learned from a packet that passed, nor from a smaller one', () => {
    const limit = new PacketSizeLimit(undefined);
    limit.connected(undefined, 0);
    limit.sent(1, 20_000, 10);
    limit.sent(2, 300, 20);
    // the answer to a later packet proves the earlier one too
    limit.proven(2);
    for (let count = 1; count < 10; count += 1) {
      expect(connectionThatDies(limit, count * 10_000, 2000, 20_000)).toBeUndefined();
    }
  });

  test('is never learned from packets of up to 4 kB', () => {
    const limit = new PacketSizeLimit(undefined);
    for (let count = 0; count < 10; count += 1) {
      expect(connectionThatDies(limit, count * 10_000, 2000, 4096)).toBeUndefined();
    }
  });
});
