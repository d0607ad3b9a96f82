import { captureLogger, FakeClock } from '@vigilia/testing';
import { BrokerPlace } from './broker-place.ts';
import type { ProbeReports } from './broker-search.ts';
import type { LeaderMark } from './choose-broker.ts';

const addresses = ['mqtt://a', 'mqtt://b', 'mqtt://c'];
const signal = new AbortController().signal;

interface World {
  /** Addresses of brokers that run. */
  readonly up: Set<string>;
  leaderAt: string | undefined;
}

/** A place in a world whose brokers answer at once, and where the orchestrator is heard at once. */
function setup({ follows, list = addresses }: { follows: boolean; list?: readonly string[] }) {
  const clock = new FakeClock();
  const { logger, lines } = captureLogger();
  const world: World = { up: new Set(list), leaderAt: undefined };
  let open = 0;
  const mark: LeaderMark = { term: 1, moves: 0 };
  const openProbe = (address: string, reports: ProbeReports): { close(): void } => {
    open += 1;
    reports.answers(world.up.has(address) ? 'yes' : 'no');
    if (world.leaderAt === address) {
      reports.leader(mark);
    }
    return {
      close: () => {
        open -= 1;
      },
    };
  };
  const place = new BrokerPlace({ addresses: list, follows, openProbe, clock, logger });
  const left: string[] = [];
  place.onMove(() => left.push(place.address));
  return { place, clock, world, left, lines, probes: () => open };
}

async function found(place: BrokerPlace, clock: FakeClock, ms: number): Promise<string> {
  const address = place.find(signal);
  await clock.advance(ms);
  return address;
}

test('one address is used without a search', async () => {
  const { place, probes } = setup({ follows: true, list: ['mqtt://a'] });
  const found = place.find(signal);
  expect(probes()).toBe(0);
  expect(await found).toBe('mqtt://a');
  place.lost('mqtt://a');
  expect(await place.find(signal)).toBe('mqtt://a');
});

test('the orchestrator moves at once when its broker is lost, and does not go back by itself', async () => {
  const { place, clock, world } = setup({ follows: false });
  expect(await found(place, clock, 1000)).toBe('mqtt://a');
  place.connected();
  world.up.delete('mqtt://a');
  place.lost('mqtt://a');
  expect(await found(place, clock, 0)).toBe('mqtt://b');
  place.connected();
  world.up.add('mqtt://a');
  await clock.advance(3_600_000);
  expect(place.address).toBe('mqtt://b');
  place.lost('mqtt://b');
  expect(await found(place, clock, 0)).toBe('mqtt://b');
});

test('all connections of a process share one search, and leave their broker together', async () => {
  const { place, clock, left, probes } = setup({ follows: false });
  const both = [place.find(signal), place.find(signal)];
  await clock.advance(500);
  expect(probes()).toBe(3);
  await clock.advance(500);
  expect(await Promise.all(both)).toEqual(['mqtt://a', 'mqtt://a']);
  expect(probes()).toBe(0);
  place.moveTo(2);
  expect(left).toEqual(['mqtt://c']);
});

test('a search ends when the last connection that waits for it is given up', async () => {
  const { place, clock, world, probes } = setup({ follows: true });
  world.up.clear();
  const [one, other] = [new AbortController(), new AbortController()];
  const waiting = [place.find(one.signal), place.find(other.signal)];
  one.abort(new Error('stopped'));
  await clock.advance(100);
  expect(probes()).toBe(3);
  other.abort(new Error('stopped'));
  await expect(Promise.all(waiting)).rejects.toThrow('stopped');
  await clock.advance(100);
  expect(probes()).toBe(0);
});

test('a service that is at another broker than the orchestrator leaves it within five seconds', async () => {
  const { place, clock, world, left } = setup({ follows: true });
  expect(await found(place, clock, 3000)).toBe('mqtt://a');
  place.connected();
  world.leaderAt = 'mqtt://c';
  await clock.advance(4000);
  expect(left).toEqual(['mqtt://c']);
});

test('a service stays where the orchestrator is heard, and does not ask other brokers', async () => {
  const { place, clock, world, left, probes } = setup({ follows: true });
  world.leaderAt = 'mqtt://b';
  expect(await found(place, clock, 0)).toBe('mqtt://b');
  place.connected();
  for (let heard = 0; heard < 60; heard++) {
    place.leaderHeard();
    await clock.advance(1000);
    expect(probes()).toBe(0);
  }
  expect(place.leaderIsHere).toBe(true);
  expect(left).toEqual(['mqtt://b']);
});

test('a service without an orchestrator anywhere stays, and the absence is logged once', async () => {
  const { place, clock, lines } = setup({ follows: true });
  expect(await found(place, clock, 3000)).toBe('mqtt://a');
  place.connected();
  await clock.advance(60_000);
  expect(place.address).toBe('mqtt://a');
  expect(place.leaderIsHere).toBe(false);
  expect(lines.filter(({ event }) => event === 'leader_absent')).toHaveLength(1);
});

test('a service that stops looks for no orchestrator any more', async () => {
  const { place, clock, probes } = setup({ follows: true });
  await found(place, clock, 3000);
  place.connected();
  await clock.advance(3600);
  expect(probes()).toBe(2);
  place.stop();
  await clock.advance(10_000);
  expect(probes()).toBe(0);
  expect(clock.pending).toBe(0);
});
