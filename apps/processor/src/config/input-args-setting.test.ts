import { inputArgsOf, parseInputArgs } from './input-args-setting.ts';

it('is for all rooms unless a room has its own, also none', () => {
  const setting = parseInputArgs('-hwaccel vaapi -hwaccel_device /dev/dri/renderD128; 3=-hwaccel none;4=');
  expect(inputArgsOf(setting, 0)).toEqual(['-hwaccel', 'vaapi', '-hwaccel_device', '/dev/dri/renderD128']);
  expect(inputArgsOf(setting, 3)).toEqual(['-hwaccel', 'none']);
  expect(inputArgsOf(setting, 4)).toEqual([]);
  expect(inputArgsOf(parseInputArgs(''), 0)).toEqual([]);
});
