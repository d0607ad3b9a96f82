import type { RoomView } from '../../shared/view.ts';
import { shownRooms, wardsOfRooms } from './shown-rooms.ts';

const room = (id: number, condition: RoomView['condition'], ward?: string): RoomView => {
  const base = { id, condition, name: `Room ${id}`, watchers: [], people: 0, outlines: [], zones: [] };
  return ward === undefined ? base : { ...base, ward };
};
const rooms = [
  room(1, 'fall', '2'),
  room(2, 'well', '2'),
  room(3, 'blind', '10'),
  room(4, 'well'),
  room(5, 'waiting', '1'),
];
const ids = (choice: Parameters<typeof shownRooms>[1], text = ''): number[] =>
  shownRooms(rooms, choice, { text, nameOf: ({ name = '' }) => name }).map(({ id }) => id);
const all = { attention: false, compact: false };

test('rooms are chosen by ward, by name, and by whether they need attention', () => {
  expect(ids(all)).toEqual([1, 2, 3, 4, 5]);
  expect(ids({ ...all, ward: '2' })).toEqual([1, 2]);
  expect(ids({ ...all, attention: true })).toEqual([1, 3]);
  expect(ids({ ...all, attention: true, ward: '2' })).toEqual([1]);
  expect(ids(all, ' ROOM 4 ')).toEqual([4]);
});

test('a ward that was chosen once and that no room has any more hides no room', () => {
  expect(ids({ ...all, ward: 'closed' })).toEqual([1, 2, 3, 4, 5]);
});

test('wards are offered in the order of their numbers', () => {
  expect(wardsOfRooms(rooms)).toEqual(['1', '2', '10']);
});
