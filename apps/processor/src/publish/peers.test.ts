import { createTopics } from '@vigilia/protocol';
import { captureLogger, FakeClock } from '@vigilia/testing';
import { channelBus, FakeBus } from '../test-support/fake-bus.ts';
import { offlineStatus } from './build-status.ts';
import { createIdentity } from './identity.ts';
import { Peers } from './peers.ts';

const topics = createTopics();

async function house() {
  const bus = new FakeBus();
  const clock = new FakeClock();
  const { logger, lines } = captureLogger();
  const identity = createIdentity({ instanceId: 'a', role: 'home' });
  const peers = new Peers({ bus: channelBus(bus), identity, clock, logger });
  await peers.start();
  const other = createIdentity({ instanceId: 'b', role: 'home' });
  const hear = (status: string, skewMs = 0, retain = false): void =>
    bus.deliver(topics.status('b'), { ...offlineStatus(other, clock.now() + skewMs), status }, { retain });
  return { bus, clock, identity, peers, lines, hear };
}

it('reports a name as taken while another processor uses it', async () => {
  const { peers, hear } = await house();
  expect(peers.isTaken('b')).toBe(false);
  hear('running', 0, true);
  expect(peers.isTaken('b')).toBe(true);
  hear('offline');
  expect(peers.isTaken('b')).toBe(false);
});

it('warns once of a clock that differs by more than two seconds, never because of what is old by nature', async () => {
  const { hear, lines } = await house();
  hear('running', 1900);
  hear('running', -60_000, true);
  hear('offline', -60_000);
  expect(lines).toEqual([]);
  hear('running', -2500);
  hear('running', -2500);
  expect(lines.map((line) => [line.event, line.skew_ms])).toEqual([['clock_skew', -2500]]);
});

it('knows everything retained when its own status has come back, or after two seconds', async () => {
  const { bus, clock, identity, peers } = await house();
  await peers.settled(() => bus.deliver(topics.status('a'), offlineStatus(identity, 0)));
  let settled = false;
  const waiting = peers
    .settled(() => {})
    .then(() => {
      settled = true;
    });
  await clock.advance(1900);
  expect(settled).toBe(false);
  await clock.advance(200);
  await waiting;
});

it('gives way to another process that publishes under its name, and never because of its own earlier starts', async () => {
  const { bus, clock, identity } = await house();
  const earlier = createIdentity({ instanceId: 'a', role: 'home' });
  const hear = (who: typeof identity, status: string, more: { retain?: boolean; offsetMs?: number } = {}): void => {
    const body = { ...offlineStatus(who, clock.now() + (more.offsetMs ?? 0)), status };
    bus.deliver(topics.status('a'), body, { retain: more.retain ?? false });
  };
  hear(earlier, 'running', { retain: true, offsetMs: -60_000 });
  hear(identity, 'running');
  hear(earlier, 'offline', { offsetMs: -60_000 });
  hear(earlier, 'running', { retain: true, offsetMs: -60_000 });
  expect(bus.takenOverReports).toBe(0);
  hear(earlier, 'running');
  expect(bus.takenOverReports).toBe(1);
});
