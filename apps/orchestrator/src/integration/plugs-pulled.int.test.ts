import { eventually, type Mosquitto, requires, startMosquitto } from '@vigilia/testing';
import { ProcessRegistry } from '../runtime/process-registry.ts';
import { ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg', 'mosquitto');

/** Kill to somebody else's first detection: at most 10 s and one interval of the slowest rate here (2 s). */
const worstMs = 12_000;

describe.each([
  ['keeps its memory', ['persistence true', 'autosave_interval 1']],
  ['forgets everything', ['persistence false']],
] as const)('in the middle of an incident, at a broker that %s', (_, config) => {
  let house: TestHouse;
  let broker: Mosquitto;

  beforeAll(async () => {
    broker = await startMosquitto({ config: [...config] });
    house = await startHouse({ homes: { 'processor-a': [0, 2], 'processor-b': [3] }, mqttUrl: broker.url });
    await ready(house, [0, 2, 3]);
    await house.bus.publish(house.topics.event('fall_detected'), { source_id: 2, event_id: 'fall-1' });
    await eventually(() => expect(house.watchers(2)).toEqual(['processor-a_1']), {
      timeoutMs: 90_000,
      message: 'the hand-over',
    });
  }, 240_000);

  afterAll(async () => {
    await house?.stop();
    await broker?.stop();
  }, 60_000);

  it('its kill -9 and restart change nothing: same watcher, same incident', async () => {
    await broker.kill();
    await broker.restart();
    await eventually(
      async () => {
        const seen: string[] = [];
        await house.bus.subscribe(
          house.topics.detections(2),
          (message) => void seen.push(String((message.json() as { instance_id: unknown }).instance_id)),
        );
        await eventually(() => expect(seen).toContain('processor-a_1'), { timeoutMs: 10_000 });
        await house.bus.unsubscribe(house.topics.detections(2));
      },
      { timeoutMs: 60_000, message: 'detections again' },
    );
    await eventually(() =>
      expect(house.incidents().map(({ state, dedicated }) => [state, dedicated])).toEqual([['open', 'processor-a_1']]),
    );
    expect(house.watchers(2)).toEqual(['processor-a_1']);
  }, 120_000);

  it('kill -9 of the dedicated processor: its room has somebody within ten seconds and an interval', async () => {
    const registry = new ProcessRegistry(house.folder.file('data/dedicated'));
    process.kill((await registry.read('processor-a_1'))?.pid ?? 0, 'SIGKILL');
    const before = house.unwatched()['2'] ?? 0;
    await eventually(() => expect(house.watchers(2).filter((one) => one !== 'processor-a_1')).not.toEqual([]), {
      timeoutMs: 60_000,
    });
    await eventually(() => expect(house.watchers(2).join()).toMatch(/^processor-a_\d$/), {
      timeoutMs: 90_000,
      message: 'a new one',
    });
    expect((house.unwatched()['2'] ?? 0) - before).toBeLessThan(worstMs);
  }, 180_000);

  it('kill -9 of the home: its other room goes to the other home', async () => {
    house.homes.get('processor-a')?.child.kill('SIGKILL');
    await eventually(() => expect(house.watchers(0)).toContain('processor-b'), { timeoutMs: 60_000 });
    expect(house.unwatched()['0']).toBeLessThan(worstMs);
  }, 120_000);
});
