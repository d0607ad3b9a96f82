import { eventually, requires } from '@vigilia/testing';
import { ready, startHouse, type TestHouse } from './start-house.ts';

const describe = requires('ffmpeg');

describe('real processors and a real orchestrator', () => {
  let house: TestHouse;
  const rooms = [0, 1, 2, 3];

  beforeAll(async () => {
    house = await startHouse({
      homes: { 'processor-a': [0, 1, 2], 'processor-b': [3] },
    });
    await ready(house, rooms);
  });

  afterAll(() => house?.stop());

  it('goes from a bare report to a dedicated processor and back, and no room is unwatched', async () => {
    await house.bus.publish(house.topics.event('fall_detected'), { source_id: 2 });
    await eventually(
      () => {
        expect(house.incidents()[0]?.steps.room_released).toBeDefined();
        expect(house.watchers(2)).toEqual(['processor-a_1']);
      },
      { timeoutMs: 60_000, message: 'the hand-over' },
    );
    await eventually(() => expect(house.fps('processor-a')).toEqual({ 0: 0.25, 1: 0.25 }), { message: 'relief' });
    expect(house.fps('processor-a_1')).toEqual({ 2: 1 });
    expect(house.statuses.get('processor-a_1')).toMatchObject({
      role: 'dedicated',
      incident_id: house.incidents()[0]?.incident_id,
    });

    await house.tell('acknowledge', { source_id: 2, by: 'nurse' });
    await eventually(() => expect(house.incidents()[0]?.acknowledged_at).toBeDefined());
    await house.tell('resolve', { source_id: 2, outcome: 'helped', by: 'nurse' });
    await eventually(() => expect(house.incidents()[0]?.state).toBe('closed'), {
      timeoutMs: 60_000,
      message: 'the closing',
    });
    await eventually(() => {
      expect(house.watchers(2)).toEqual(['processor-a']);
      expect(house.fps('processor-a')).toEqual({ 0: 0.5, 1: 0.5, 2: 0.5 });
      expect(house.statuses.has('processor-a_1')).toBe(false);
    });
    expect(house.unwatched()).toEqual({ 0: 0, 1: 0, 2: 0, 3: 0 });
    const told = () =>
      house.events.map(({ type }) => type).filter((type) => /^incident_|^room_(released|taken|returned)/.test(type));
    await eventually(() =>
      expect(told()).toEqual([
        'incident_opened',
        'room_released',
        'room_taken',
        'incident_acknowledged',
        'room_released',
        'room_returned',
        'incident_closed',
      ]),
    );
  });
});
