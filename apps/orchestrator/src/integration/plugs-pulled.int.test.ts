import { eventually, type Mosquitto, requires, startMosquitto } from '@vigilia/testing';
import { ProcessRegistry } from '../runtime/process-registry.ts';
import { ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg', 'mosquitto');

/** From the kill to the first detection of another processor: at most 10 s and one interval of the homes' rate (2 s). */
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
  });

  afterAll(async () => {
    await house?.stop();
    await broker?.stop();
  });

  it('a broker that dies and comes back changes nothing: same watcher, same incident, no room alone', async () => {
    const lost = () =>
      (
        house
          .orchestrator()
          .stdout()
          .match(/view_lost/g) ?? []
      ).length;
    const before = lost();
    await broker.kill();
    await eventually(() => expect(lost()).toBeGreaterThan(before), { message: 'the loss noticed' });
    await broker.restart();
    const from = Date.now();
    await eventually(
      () => {
        const heard = house.sightings.filter(({ atMs }) => atMs > from).map(({ sourceId }) => sourceId);
        expect([...new Set(heard)].toSorted()).toEqual([0, 2, 3]);
      },
      { timeoutMs: 60_000, message: 'detections of every room again' },
    );
    await eventually(() => {
      expect(house.incidents().map(({ state, dedicated }) => [state, dedicated])).toEqual([['open', 'processor-a_1']]);
      expect(house.watchers(2)).toEqual(['processor-a_1']);
    });
    expect(house.unwatched()).toEqual({ 0: 0, 2: 0, 3: 0 });
  });

  it('kill -9 of the dedicated processor: its room has a watcher within ten seconds and an interval', async () => {
    const registry = new ProcessRegistry(house.folder.file('data/dedicated'));
    const boot = bootOf('processor-a_1');
    const killedAtMs = Date.now();
    process.kill((await registry.read('processor-a_1'))?.pid ?? 0, 'SIGKILL');
    expect((await seenByAnother(2, boot, killedAtMs)) - killedAtMs).toBeLessThan(worstMs);
    await eventually(
      () => {
        expect(house.watchers(2).join()).toMatch(/^processor-a_\d$/);
        expect(bootOf(house.watchers(2).join())).not.toBe(boot);
      },
      { timeoutMs: 90_000, message: 'a new one' },
    );
  });

  it('kill -9 of the home: its other room goes to the other home', async () => {
    const boot = bootOf('processor-a');
    const killedAtMs = Date.now();
    house.homes.get('processor-a')?.child.kill('SIGKILL');
    expect((await seenByAnother(0, boot, killedAtMs)) - killedAtMs).toBeLessThan(worstMs);
    await eventually(() => expect(house.watchers(0)).toContain('processor-b'));
  });

  function bootOf(name: string): unknown {
    return house.statuses.get(name)?.boot_id;
  }

  /** When anybody but this life first published a detection of the room, epoch ms. */
  function seenByAnother(room: number, boot: unknown, sinceMs: number): Promise<number> {
    return eventually(
      () => {
        const found = house.sightings.find((one) => one.sourceId === room && one.bootId !== boot && one.atMs > sinceMs);
        if (found === undefined) throw new Error(`no other processor has seen room ${room}`);
        return found.atMs;
      },
      { timeoutMs: 60_000, message: 'another watcher' },
    );
  }
});
