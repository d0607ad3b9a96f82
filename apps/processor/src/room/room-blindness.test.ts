import { RoomBlindness } from './room-blindness.ts';

const silent = { cause: 'silent', sinceMs: 1_000_000, detail: 'no picture for 10 s' } as const;

test('a room is reported blind once, with cause and since when, and seeing again once', () => {
  const room = new RoomBlindness();
  expect(room.update({ cause: 'starting', sinceMs: 0 }, 0)).toBeUndefined();
  expect(room.update(undefined, 1000)).toBeUndefined();
  const blind = room.update(silent, 11_000);
  expect(blind).toMatchObject({ event: 'room_blind', severity: 'warning', reason: 'silent', detail: silent.detail });
  expect(blind?.blind_since).toBe(new Date(1_000_000).toISOString());
  expect(room.sinceMs).toBe(1_000_000);
  expect(room.update({ ...silent, cause: 'unreachable' }, 12_000)).toBeUndefined();
  expect(room.update(undefined, 15_000)).toMatchObject({ event: 'room_seen', trace_id: blind?.event_id });
  expect(room.update(undefined, 16_000)).toBeUndefined();
  expect(room.sinceMs).toBeUndefined();
});

test('blind time is counted by cause', () => {
  const room = new RoomBlindness();
  room.update({ cause: 'starting', sinceMs: 0 }, 0);
  room.update(undefined, 1000);
  room.update(silent, 11_000);
  room.update({ ...silent, cause: 'unreachable' }, 12_000);
  expect(room.totals(15_000)).toEqual({ starting: 1000, silent: 1000, unreachable: 3000 });
  room.update(undefined, 16_000);
  expect(room.totals(99_000)).toEqual({ starting: 1000, silent: 1000, unreachable: 4000 });
});
