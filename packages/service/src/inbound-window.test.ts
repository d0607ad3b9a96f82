import { FakeClock } from '@vigilia/testing';
import { INBOUND_BYTES, INBOUND_MESSAGES, InboundWindow } from './inbound-window.ts';

function setup() {
  const clock = new FakeClock();
  const log: string[] = [];
  const window = new InboundWindow({
    clock,
    onFull: () => log.push('full'),
    onFree: () => log.push('free'),
    onStalled: () => log.push('stalled'),
  });
  return { clock, log, window };
}

test('reading stops at the bound in messages, and goes on when one is finished', () => {
  const { log, window } = setup();
  const all = Array.from({ length: INBOUND_MESSAGES }, (_, index) => window.enter(1, () => log.push(`ack ${index}`)));
  expect(log).toEqual(['full']);
  all[1]?.();
  expect(log).toEqual(['full']);
  all[0]?.();
  expect(log).toEqual(['full', 'ack 0', 'free', 'ack 1']);
});

test('reading stops at the bound in bytes', () => {
  const { log, window } = setup();
  window.enter(INBOUND_BYTES / 2, () => {});
  expect(log).toEqual([]);
  window.enter(INBOUND_BYTES / 2, () => {});
  expect(log).toEqual(['full']);
});

test('a full window in which nothing is finished for ten seconds ends the connection, and not before', async () => {
  const { clock, log, window } = setup();
  const first = window.enter(1, () => {});
  window.enter(INBOUND_BYTES, () => {});
  await clock.advance(9000);
  first();
  await clock.advance(9000);
  expect(log).toEqual(['full']);
  await clock.advance(1000);
  expect(log).toEqual(['full', 'stalled']);
});

test('a connection that ended leaves no timer behind', () => {
  const { clock, window } = setup();
  window.enter(INBOUND_BYTES, () => {});
  window.close();
  expect(clock.pending).toBe(0);
});
