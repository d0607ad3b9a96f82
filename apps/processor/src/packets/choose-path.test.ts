import { choosePath, noBeginning } from './choose-path.ts';

test.each([
  ['an ordinary camera', [], undefined, { path: 'packets' }],
  ['options of the connection', ['-rtsp_transport', 'udp'], undefined, { path: 'packets' }],
  [
    'a hardware decoder',
    ['-hwaccel', 'vaapi'],
    undefined,
    { path: 'frames', reason: 'the input argument -hwaccel is for a decoder' },
  ],
  ['another codec', [], 'mpeg4', { path: 'frames', reason: 'packets of the codec mpeg4 are not kept' }],
] as const)('%s: how the camera is received, and why', (_, inputArgs, foreignCodec, expected) => {
  expect(choosePath({ inputArgs, foreignCodec, neverBegins: false })).toEqual(expected);
});

test('a camera whose packets are of no use is received and decoded by one ffmpeg', () => {
  const choice = choosePath({ inputArgs: [], foreignCodec: undefined, neverBegins: true });
  expect(choice).toEqual({ path: 'frames', reason: noBeginning });
});
