import { eventually, requires } from '@vigilia/testing';
import { ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg');

describe('a standby, as a process', () => {
  let house: TestHouse;

  beforeAll(async () => {
    house = await startHouse({ homes: { 'processor-a': [0, 2] }, policy: { standby: 1 } });
    await ready(house, [0, 2]);
    await eventually(() => expect(house.statuses.get('standby_1')).toMatchObject({ status: 'running', streams: [] }), {
      timeoutMs: 60_000,
      message: 'the standby',
    });
  });

  afterAll(() => house?.stop());

  it('takes the room of a fall without a start, and waits for the next one when the room has gone home', async () => {
    const boot = house.statuses.get('standby_1')?.boot_id;
    await house.bus.publish(house.topics.event('fall_detected'), { source_id: 2 });
    await eventually(
      () => {
        expect(house.watchers(2)).toEqual(['standby_1']);
        expect(house.incidents()).toMatchObject([{ watched_by: 'standby_1', attempts: { spawn: 0 } }]);
      },
      { timeoutMs: 60_000, message: 'the hand-over' },
    );
    expect(house.fps('standby_1')).toEqual({ 2: 1 });
    await house.tell('resolve', { source_id: 2, by: 'nurse' });
    await eventually(
      () => {
        expect(house.incidents()).toMatchObject([{ state: 'closed', watched_by: 'processor-a' }]);
        expect(house.watchers(2)).toEqual(['processor-a']);
        expect(house.statuses.get('standby_1')).toMatchObject({ boot_id: boot, status: 'running', streams: [] });
      },
      { timeoutMs: 60_000, message: 'the standby again' },
    );
    expect(house.unwatched()).toEqual({ 0: 0, 2: 0 });
    await house.bus.publish(house.topics.event('fall_detected'), { source_id: 0, event_id: 'the-next-fall' });
    await eventually(() => expect(house.watchers(0)).toEqual(['standby_1']), {
      timeoutMs: 60_000,
      message: 'the next hand-over, by the same one',
    });
    expect(house.statuses.get('standby_1')?.boot_id).toBe(boot);
  });
});
