import { findFfmpeg } from './find-ffmpeg.mjs';

const packaged = '/repo/node_modules/ffmpeg-static/ffmpeg';
const search = (env: { FFMPEG_BIN?: string; PATH?: string }, ...programs: string[]) =>
  findFfmpeg({ env, packaged, isExecutable: (path) => programs.includes(path) });

describe('the ffmpeg that the setup finds', () => {
  const PATH = '/usr/local/bin:/usr/bin';

  test('first in FFMPEG_BIN, path or name', () => {
    const all = ['/opt/ffmpeg', '/usr/bin/ffmpeg', '/usr/bin/ffmpeg7', packaged];
    expect(search({ FFMPEG_BIN: '/opt/ffmpeg', PATH }, ...all)).toBe('/opt/ffmpeg');
    expect(search({ FFMPEG_BIN: 'ffmpeg7', PATH }, ...all)).toBe('/usr/bin/ffmpeg7');
  });

  test('then on the PATH, in its order', () => {
    expect(search({ PATH }, '/usr/bin/ffmpeg', '/usr/local/bin/ffmpeg', packaged)).toBe('/usr/local/bin/ffmpeg');
  });

  test('is taken from ffmpeg-static where no other is found', () => {
    expect(search({ PATH }, packaged)).toBe(packaged);
    expect(search({}, packaged)).toBe(packaged);
  });

  test('is reported as missing where none is found', () => {
    expect(search({ PATH })).toBeUndefined();
  });

  test('never in the working folder, whatever is in the PATH', () => {
    expect(search({ PATH: ':.:bin' }, 'ffmpeg', './ffmpeg', 'bin/ffmpeg')).toBeUndefined();
  });
});

test('a wrong FFMPEG_BIN is an error, not a reason to take another ffmpeg', () => {
  expect(() => search({ FFMPEG_BIN: '/opt/nothing', PATH: '/usr/bin' }, '/usr/bin/ffmpeg')).toThrow(
    /FFMPEG_BIN is \/opt\/nothing.*correct it or unset it/,
  );
});
