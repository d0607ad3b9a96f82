import { PacketRate } from './packet-rate.ts';

test('neither the burst of a new session nor the pause between two sessions changes the measured rate', () => {
  const rate = new PacketRate();
  for (let atMs = 0; atMs < 100; atMs += 2) {
    rate.packet(atMs);
  }
  for (let atMs = 1000; atMs <= 4000; atMs += 500) {
    rate.packet(atMs);
  }
  rate.restart();
  for (let atMs = 60_000; atMs <= 64_000; atMs += 500) {
    rate.packet(atMs);
  }
  expect(rate.perSecond).toBe(2);
});

test('two seconds of packets are needed', () => {
  const rate = new PacketRate();
  for (let atMs = 0; atMs <= 3000; atMs += 500) {
    rate.packet(atMs);
  }
  expect(rate.perSecond).toBeUndefined();
  rate.packet(3500);
  expect(rate.perSecond).toBe(2);
});
