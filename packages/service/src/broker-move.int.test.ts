import {
  captureLogger,
  collect,
  connectBus,
  eventually,
  type Mosquitto,
  requires,
  startMosquitto,
} from '@vigilia/testing';
import type { BrokerPlace } from './broker-place.ts';
import type { Bus, BusOptions } from './bus.ts';
import { systemClock } from './clock.ts';
import { createBrokerPlace } from './create-broker-place.ts';
import { createBus } from './mqtt.ts';

const leaderTopic = 'nvr-leader';
const ownStatusTopic = 'nvr/orchestrator/status';
/** What is promised of a service whose broker ends. */
const moveMs = 5000;
/** A broker that hangs is noticed within 3 s by its silence; generous for a busy machine. */
const silentMoveMs = 10_000;

interface Leader {
  readonly bus: Bus;
  readonly place: BrokerPlace;
  stop(): Promise<void>;
}

requires('mosquitto')('a site with three independent brokers', () => {
  let brokers: Mosquitto[];
  let url: string;
  const started: { stop(): Promise<void> }[] = [];

  beforeEach(async () => {
    brokers = [await startMosquitto(), await startMosquitto(), await startMosquitto()];
    url = brokers.map((broker) => broker.url).join(',');
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((one) => one.stop()));
    await Promise.all(brokers.map((broker) => broker.stop()));
  });

  /** Connects as the orchestrator does: it chooses, and shows where it is. */
  async function lead(term = 1): Promise<Leader> {
    const { logger } = captureLogger();
    const place = createBrokerPlace({ url, ownStatusTopic, logger });
    const bus = createBus({ url, clientId: 'orchestrator', logger, place });
    const mark = () => ({ boot_id: 'boot', term, moves: place.moves });
    const status = () => ({ ...mark(), instance_id: 'orchestrator', status: 'acting', timestamp: isoNow() });
    const show = (): void => void bus.publish(leaderTopic, mark(), { qos: 0 });
    bus.onConnect(() => {
      void bus.publish(ownStatusTopic, status(), { retain: true });
      show();
    });
    await bus.start();
    const timer = setInterval(show, 500);
    const leader = {
      bus,
      place,
      stop: async () => {
        clearInterval(timer);
        place.stop();
        await bus.stop();
      },
    };
    started.push(leader);
    return leader;
  }

  async function follow(clientId: string, options: Partial<BusOptions> = {}): Promise<Bus> {
    const bus = createBus({ url, leaderTopic, clientId, logger: captureLogger().logger, ...options });
    await bus.start();
    started.push(bus);
    return bus;
  }

  const at = (index: number): string => brokers[index]?.url ?? '';
  const placesOf = (buses: readonly Bus[]): string[] =>
    buses.map((bus) => (bus.connected ? bus.health().broker : 'not connected'));

  async function allAt(index: number, buses: readonly Bus[], timeoutMs = moveMs): Promise<void> {
    await eventually(() => expect(placesOf(buses)).toEqual(buses.map(() => at(index))), { timeoutMs });
  }

  test('every service moves with the orchestrator within five seconds, twice, and none goes back by itself', async () => {
    const { bus: leader } = await lead();
    const buses = [leader, await follow('a'), await follow('b'), await follow('c', { clean: false })];
    await allAt(0, buses);
    await brokers[0]?.kill();
    await allAt(1, buses);
    await brokers[0]?.restart();
    await brokers[1]?.kill();
    await allAt(0, buses);
    await brokers[1]?.restart();
    expect(leader.health().moves).toBe(2);
    expect(buses.map((bus) => bus.health().leaderIsHere)).toEqual([true, true, true, true]);
  });

  test('a broker that accepts connections and answers nothing more is left too', async () => {
    const { bus: leader } = await lead();
    const buses = [leader, await follow('a')];
    await allAt(0, buses);
    freeze(0);
    await allAt(1, buses, silentMoveMs);
    thaw(0);
  });

  test('a service that reaches a broker before the others does not stay there alone', async () => {
    await brokers[0]?.kill();
    const early = await follow('early');
    expect(early.health().broker).toBe(at(1));
    await brokers[0]?.restart();
    const { bus: leader } = await lead();
    expect(leader.health().broker).toBe(at(0));
    await allAt(0, [early]);
  });

  test('without an orchestrator the services still meet at one broker', async () => {
    const leader = await lead();
    const buses = [await follow('a'), await follow('b')];
    await allAt(0, buses);
    await leader.stop();
    await brokers[0]?.kill();
    await allAt(1, buses);
  });

  test('an orchestrator that starts goes to the broker with the latest state, not to the preferred one', async () => {
    const first = await lead(1);
    await brokers[0]?.kill();
    await allAt(1, [first.bus]);
    await eventually(async () => {
      const reader = await connectBus(at(1));
      const statuses = await collect(reader, ownStatusTopic);
      await statuses.next(({ body }) => body?.moves === 1, 1000).finally(() => reader.stop());
    });
    await first.stop();
    await brokers[0]?.restart();
    const second = await lead(2);
    expect(second.bus.health().broker).toBe(at(1));
  });

  test('what was published while no broker was there arrives at the next one', async () => {
    const { bus: leader } = await lead();
    const service = await follow('a');
    await allAt(0, [leader, service]);
    const falls = await collect(leader, 'nvr/events/+');
    await brokers[0]?.kill();
    await eventually(() => expect(service.connected).toBe(false));
    await service.publish('nvr/events/fall_detected', { source_id: 2 }, { class: 'kept' });
    expect((await falls.next()).body).toEqual({ source_id: 2 });
    expect(leader.health().broker).toBe(at(1));
  });

  test.each(['5', '3.1.1'] as const)(
    'what waited at a broker since an earlier stay is not carried out late (MQTT %s)',
    async (protocol) => {
      const commands: unknown[] = [];
      const { bus: leader } = await lead();
      const service = await follow('keeper', { clean: false, protocol });
      await service.subscribe('commands', (message) => void commands.push(message.json()));
      await allAt(0, [leader, service]);
      freeze(0);
      await allAt(1, [leader, service], silentMoveMs);
      thaw(0);
      await publishAt(0, 'old');
      await brokers[1]?.kill();
      await allAt(0, [leader, service]);
      await publishAt(0, 'new');
      await eventually(() => expect(commands).toEqual([{ text: 'new' }]));
    },
  );

  test('a service that only records takes what waited at a broker since an earlier stay', async () => {
    const records: unknown[] = [];
    const { bus: leader } = await lead();
    const service = await follow('keeper', { clean: false, forgetsOnMove: false });
    await service.subscribe('commands', (message) => void records.push(message.json()));
    await allAt(0, [leader, service]);
    freeze(0);
    await allAt(1, [leader, service], silentMoveMs);
    thaw(0);
    await publishAt(0, 'old');
    await brokers[1]?.kill();
    await eventually(() => expect(records).toEqual([{ text: 'old' }]));
  });

  async function publishAt(index: number, text: string): Promise<void> {
    const bus = await connectBus(at(index));
    await bus.publish('commands', { text });
    await bus.stop();
  }

  /** The broker keeps its connections and does nothing. */
  function freeze(index: number): void {
    process.kill(brokers[index]?.pid ?? 0, 'SIGSTOP');
  }

  function thaw(index: number): void {
    process.kill(brokers[index]?.pid ?? 0, 'SIGCONT');
  }
});

function isoNow(): string {
  return new Date(systemClock.now()).toISOString();
}
