import { emptyHouse, fold } from '@vigilia/house';
import type { DesiredRooms } from '@vigilia/protocol';
import { houseOfWards, isOfWards } from './rooms-of-wards.ts';

const at = '2026-01-01T10:00:00.000Z';
const desired: DesiredRooms = {
  rooms: { 1: { home: 'a', ward: '1' }, 2: { home: 'a', ward: '2' }, 3: { home: 'a' } },
  removed: { 4: at },
  updated_at: at,
  revision: 1,
};

test('an account of a ward has its rooms and those without a ward', () => {
  expect([1, 2, 3].filter((id) => isOfWards(desired, ['1'], id))).toEqual([1, 3]);
  expect(isOfWards(undefined, ['1'], 1)).toBe(false);
});

test('a room that was removed belongs to no ward any more: its last fall is not shown to every ward', () => {
  expect(isOfWards(desired, ['1'], 4)).toBe(false);
  const house = fold(emptyHouse(0), { kind: 'desired', desired }, 0);
  expect(houseOfWards(house, ['1']).desired).toEqual({
    ...desired,
    rooms: { 1: desired.rooms[1], 3: desired.rooms[3] },
    removed: undefined,
  });
});
