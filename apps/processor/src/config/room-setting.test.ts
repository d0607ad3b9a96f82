import { aspectSchema } from '@vigilia/protocol';
import { rotations } from '@vigilia/vision';
import { perRoom, roomSettingOf } from './room-setting.ts';

const rotate = perRoom((value) => rotations.find((rotation) => String(rotation) === value), '180 or 3=90,5=270');
const aspect = perRoom((value) => aspectSchema.safeParse(value).data, '16:9 or 3=16:9,5=4:3');

test('a value of all rooms, and those of single rooms and ranges, which win', () => {
  const setting = rotate.parse('180, 3=90, 5-6=270; 8=0');
  expect([0, 3, 4, 5, 6, 8].map((room) => roomSettingOf(setting, room))).toEqual([180, 90, 180, 270, 270, 0]);
  expect(roomSettingOf(aspect.parse('3=16:9,5=4:3'), 5)).toBe('4:3');
  expect(roomSettingOf(aspect.parse('3=16:9'), 4)).toBeUndefined();
});

test.each(['45', '3=', '3=90,x=90', '=90', '3-=90'])('the rotation "%s" is refused with an example', (text) => {
  expect(rotate.safeParse(text).error?.issues[0]?.message).toBe('must be written like 180 or 3=90,5=270');
});

test.each(['16/9', '16:9:1', '3=9:0', '99:1', '1:99'])('the aspect "%s" is refused with an example', (text) => {
  expect(aspect.safeParse(text).error?.issues[0]?.message).toBe('must be written like 16:9 or 3=16:9,5=4:3');
});
