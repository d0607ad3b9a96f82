import { checkInputArgs } from './input-args.ts';

test.each([[[]], [['-hwaccel', 'vaapi', '-hwaccel_device', '/dev/dri/renderD128']], [['-c:v', 'h264_v4l2m2m']]])(
  'lets %j pass',
  (args) => {
    expect(checkInputArgs(args)).toEqual(args);
  },
);

test.each([
  [['-filter_complex', 'movie=/etc/passwd'], /-filter_complex/],
  [['-i', '/etc/passwd'], /"-i"/],
  [['-hwaccel_device', '/dev/sda'], /\/dev\/sda/],
  [['-hwaccel'], /needs a value/],
  [['-hwaccel', 'vaapi\n-i'], /not allowed/],
  [['__proto__', 'x'], /__proto__/],
  [['-f', 'lavfi'], /"-f"/],
])('refuses %j and names what is wrong', (args, message) => {
  expect(() => checkInputArgs(args)).toThrow(
    expect.objectContaining({ code: 'invalid_params', message: expect.stringMatching(message) }),
  );
});
