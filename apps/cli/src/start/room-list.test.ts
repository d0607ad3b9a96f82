import { parseRoomsFlag, splitHomes } from './room-list.ts';

test.each([
  ['0-7', [0, 1, 2, 3, 4, 5, 6, 7]],
  ['3', [3]],
  ['5,1,1,0-2', [0, 1, 2, 5]],
])('%s', (text, rooms) => {
  expect(parseRoomsFlag(text)).toEqual(rooms);
});

test.each(['', 'a', '3-1', '-1', '0-5000', '1,,2'])('"%s" is refused, and the flag is named', (text) => {
  expect(() => parseRoomsFlag(text)).toThrow(/^--rooms/);
});

test('the rooms are shared between two homes; a single room needs one', () => {
  expect(splitHomes([0, 1, 2])).toEqual({ 'processor-a': [0, 1], 'processor-b': [2] });
  expect(splitHomes([4])).toEqual({ 'processor-a': [4] });
});
