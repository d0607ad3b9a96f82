import { eventually, type Mosquitto, requires, startMosquitto } from '@vigilia/testing';
import { ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg', 'mosquitto');

/** Moments of hand-over and hand-back at which the orchestrator is killed, as they are seen on MQTT. */
const moments: readonly (readonly [string, (house: TestHouse) => boolean])[] = [
  ['the incident is opened', (house) => house.incidents().length > 0],
  ['the dedicated processor connects', (house) => house.statuses.has('processor-a_1')],
  ['it is seen to watch', (house) => house.incidents()[0]?.steps.dedicated_watching !== undefined],
  ['home is asked to let go', (house) => house.commands.some(({ command }) => command === 'remove_stream')],
  ['the room is released', (house) => house.incidents()[0]?.steps.room_released !== undefined],
];
const momentsBack: readonly (readonly [string, (house: TestHouse) => boolean])[] = [
  ['the incident is closing', (house) => /^clos/.test(house.incidents()[0]?.state ?? '')],
  ['home is asked to take the room', (house) => house.commands.some(({ command }) => command === 'add_stream')],
  ['the room is back', (house) => house.incidents()[0]?.steps.room_returned !== undefined],
];

describe('kill -9 of the orchestrator', () => {
  let house: TestHouse;
  let broker: Mosquitto;

  beforeEach(async () => {
    broker = await startMosquitto();
    const timings = { up_before_close_seconds: 2 };
    house = await startHouse({ homes: { 'processor-a': [0, 2] }, policy: { timings }, mqttUrl: broker.url });
    await ready(house, [0, 2]);
  });

  afterEach(async () => {
    await house?.stop();
    await broker?.stop();
  });

  async function killWhen(moment: string, seen: (house: TestHouse) => boolean): Promise<void> {
    await eventually(() => expect(seen(house)).toBe(true), { timeoutMs: 120_000, intervalMs: 5, message: moment });
    const killed = house.orchestrator();
    killed.child.kill('SIGKILL');
    await killed.ended;
    house.startOrchestrator();
  }

  async function report(): Promise<void> {
    await house.bus.publish(house.topics.event('fall_detected'), { source_id: 2 });
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
        expect([...house.statuses.keys()]).toEqual(['processor-a']);
      },
      { timeoutMs: 120_000, message: 'the hand-back' },
    );
    expect(house.unwatched()).toEqual({ 0: 0, 2: 0 });
  }

  it.each(moments)(
    'when %s: the hand-over is finished by its next boot, and no room is unwatched',
    async (moment, seen) => {
      await report();
      await killWhen(moment, seen);
      await handedOver();
      await house.tell('resolve', { source_id: 2, by: 'nurse' });
      await handedBack();
    },
  );

  it.each(momentsBack)(
    'when %s: the hand-back is finished by its next boot, and no room is unwatched',
    async (moment, seen) => {
      await report();
      await handedOver();
      await house.tell('resolve', { source_id: 2, by: 'nurse' });
      await killWhen(moment, seen);
      await handedBack();
    },
  );
});
