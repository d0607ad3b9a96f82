import { formatRoomList, parseRoomList } from './room-list.ts';

test.each([
  ['', undefined],
  [' ', undefined],
  ['7', [7]],
  ['101-103, 131', [101, 102, 103, 131]],
  ['3 1;1', [1, 3]],
  ['5-2', 'invalid'],
  ['1-99999', 'invalid'],
  ['ward', 'invalid'],
  ['-3', 'invalid'],
])('the rooms of a ward are typed as people write them: %j', (text, rooms) => {
  expect(parseRoomList(text)).toEqual(rooms);
});

test('the rooms of a device are shown as they could be typed', () => {
  expect(formatRoomList([101, 102, 103, 131])).toBe('101-103, 131');
  expect(formatRoomList(undefined)).toBe('');
});
