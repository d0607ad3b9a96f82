import { eventually, requires } from '@vigilia/testing';
import { type RoleBroker, startRoleBroker } from '../../../../deploy/mosquitto/testing/start-with-roles.ts';
import { ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg', 'mosquitto');

type Moment = readonly [string, (house: TestHouse) => boolean];

/** Moments of the story at which the broker in use is killed, as they are seen on MQTT. */
const moments: readonly Moment[] = [
  ['the fall is reported', (house) => house.events.some(({ type }) => type === 'fall_detected')],
  ['the incident is opened', (house) => house.incidents().length > 0],
  ['the dedicated processor connects', (house) => house.statuses.has('processor-a_1')],
  ['it is seen to watch', (house) => house.incidents()[0]?.steps.dedicated_watching !== undefined],
  ['home is asked to let go', (house) => house.commands.some(({ command }) => command === 'remove_stream')],
  ['the room is released', (house) => house.incidents()[0]?.steps.room_released !== undefined],
];
const momentsBack: readonly Moment[] = [
  ['the incident is closing', (house) => /^clos/.test(house.incidents()[0]?.state ?? '')],
  ['home is asked to take the room', (house) => house.commands.some(({ command }) => command === 'add_stream')],
  ['the room is back', (house) => house.incidents()[0]?.steps.room_returned !== undefined],
];

/** The list of addresses, each with the credentials of this role at that broker: every broker has passwords of its own. */
async function addresses(brokers: readonly RoleBroker[], user: string): Promise<string> {
  const role = user === 'orchestrator' ? 'orchestrator' : 'processor';
  const urls = brokers.map(async (broker) =>
    broker.url(role).replace('mqtt://', `mqtt://${user}:${encodeURIComponent((await broker.password(user)).trim())}@`),
  );
  return (await Promise.all(urls)).join(',');
}

describe('kill -9 of the broker in use, of three independent ones with the shipped roles', () => {
  let house: TestHouse;
  let brokers: RoleBroker[];

  beforeEach(async () => {
    brokers = await Promise.all([startRoleBroker(), startRoleBroker(), startRoleBroker()]);
    const [orchestrator, home, dedicated] = [
      await addresses(brokers, 'orchestrator'),
      await addresses(brokers, 'processor-a'),
      await addresses(brokers, 'processor-a_1'),
    ];
    house = await startHouse({
      homes: { 'processor-a': [0, 2] },
      policy: { timings: { up_before_close_seconds: 2 } },
      mqttUrl: brokers.map(({ unboundUrl }) => unboundUrl).join(','),
      environmentOf: (service) =>
        service === 'orchestrator' ? { MQTT_URL: orchestrator, PROCESSOR_MQTT_URL: dedicated } : { MQTT_URL: home },
    });
    await ready(house, [0, 2]);
  });

  afterEach(async () => {
    await house?.stop();
    await Promise.all(brokers.map((broker) => broker.stop()));
  });

  /** Kills the broker in use; it comes back with what it saved, and is an older copy from then on. */
  async function killWhen([moment, seen]: Moment): Promise<void> {
    await eventually(() => expect(seen(house)).toBe(true), { timeoutMs: 120_000, intervalMs: 5, message: moment });
    const used = brokers.find(({ unboundUrl }) => unboundUrl === house.bus.health().broker);
    const moves = house.bus.health().moves;
    await used?.kill();
    const seenBefore = house.sightings.length;
    await eventually(
      () => {
        expect(house.bus.health()).toMatchObject({ connected: true, moves: moves + 1, leaderIsHere: true });
        expect(house.sightings.length).toBeGreaterThan(seenBefore);
      },
      { timeoutMs: 20_000, message: 'all services at the next broker' },
    );
    await used?.restart();
  }

  async function report(): Promise<void> {
    await house.bus.publish(
      house.topics.event('fall_detected'),
      { source_id: 2, event_id: 'fall-1' },
      { class: 'kept' },
    );
  }

  async function handedOver(): Promise<void> {
    await eventually(
      () => {
        expect(house.watchers(2)).toEqual(['processor-a_1']);
        expect(house.incidents()[0]?.watched_by).toBe('processor-a_1');
        expect(house.fps('processor-a')).toEqual({ 0: 0.25 });
      },
      { timeoutMs: 120_000, message: 'the hand-over' },
    );
  }

  async function handedBack(): Promise<void> {
    await eventually(
      () => {
        expect(house.incidents().map(({ state }) => state)).toEqual(['closed']);
        expect(house.watchers(2)).toEqual(['processor-a']);
        expect(house.fps('processor-a')).toEqual({ 0: 0.5, 2: 0.5 });
      },
      { timeoutMs: 120_000, message: 'the hand-back' },
    );
    expect(house.unwatched()).toEqual({ 0: 0, 2: 0 });
  }

  it.each(moments)('when %s: the room is handed over all the same, and no room is unwatched', async (...moment) => {
    await report();
    await killWhen(moment);
    await handedOver();
    await house.tell('resolve', { source_id: 2, by: 'nurse' });
    await handedBack();
  });

  it.each(momentsBack)('when %s: the room is handed back all the same, and no room is unwatched', async (...moment) => {
    await report();
    await handedOver();
    await house.tell('resolve', { source_id: 2, by: 'nurse' });
    await killWhen(moment);
    await handedBack();
  });

  it('twice: the first broker comes back with an open incident, and what has happened since counts', async () => {
    await report();
    await killWhen(['the hand-over', () => house.watchers(2)[0] === 'processor-a_1']);
    await handedOver();
    await house.tell('resolve', { source_id: 2, by: 'nurse' });
    await handedBack();
    await killWhen(['the end', () => true]);
    await handedBack();
    expect(house.incidents()).toHaveLength(1);
  });
});
