import { choosePath, chooseReader, noBeginning } from './choose-path.ts';

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

test.each([
  ['rtsp', [], false, 'own'],
  ['rtsps', [], false, 'own'],
  ['rtsp', ['-rtsp_transport', 'udp'], false, 'ffmpeg'],
  ['rtsp', [], true, 'ffmpeg'],
  ['http', [], false, 'ffmpeg'],
  ['file', [], false, 'ffmpeg'],
] as const)('%s with the arguments %j (given up: %s) is received by %s', (kind, inputArgs, givenUp, reader) => {
  expect(chooseReader({ rtspReader: 'own', kind, inputArgs, givenUp })).toBe(reader);
  expect(chooseReader({ rtspReader: 'ffmpeg', kind, inputArgs, givenUp })).toBe('ffmpeg');
});
