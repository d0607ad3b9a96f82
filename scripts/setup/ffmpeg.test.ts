import { provideFfmpeg } from './ffmpeg.mjs';
import { SetupError } from './setup-error.mjs';

type Tried = string;
interface Has {
  /** Where ffmpeg is after so many attempts to get it; nowhere without an entry. */
  readonly ffmpegAfter?: number;
  readonly debianRoot: boolean;
  readonly fetching?: string;
  readonly installing?: string;
}

/** A machine whose attempts fail with the given reason, or succeed without one. */
function machine({ ffmpegAfter, debianRoot, fetching, installing }: Has) {
  const tried: Tried[] = [];
  return {
    tried,
    find: () => (ffmpegAfter !== undefined && tried.length >= ffmpegAfter ? '/usr/bin/ffmpeg' : undefined),
    mayUseApt: () => debianRoot,
    fetchPackaged: async (timeoutMs: number) => {
      tried.push(`ffmpeg-static, ${timeoutMs / 1000} s`);
      return fetching;
    },
    installFromDebian: async () => {
      tried.push('apt-get');
      return installing;
    },
  };
}

const remedy =
  'install it (on Debian as root: apt-get install ffmpeg) or set FFMPEG_BIN to its path, then run the command again.';

test.each<[string, Has, Tried[]]>([
  ['nothing is fetched where there is one', { ffmpegAfter: 0, debianRoot: true }, []],
  ['it is fetched where there is none', { ffmpegAfter: 1, debianRoot: false }, ['ffmpeg-static, 180 s']],
  ['root on Debian waits less, and needs no package', { ffmpegAfter: 1, debianRoot: true }, ['ffmpeg-static, 60 s']],
  [
    'root on Debian without a way to GitHub gets the distribution’s package',
    { ffmpegAfter: 2, debianRoot: true, fetching: 'no answer' },
    ['ffmpeg-static, 60 s', 'apt-get'],
  ],
])('%s', async (_, has, tried) => {
  const site = machine(has);
  expect(await provideFfmpeg(site)).toBe('/usr/bin/ffmpeg');
  expect(site.tried).toEqual(tried);
});

test.each<[string, Has, Tried[], string]>([
  [
    'a user who is not root installs nothing and gets the remedy',
    { debianRoot: false, fetching: 'the download failed' },
    ['ffmpeg-static, 180 s'],
    'ffmpeg-static: the download failed',
  ],
  [
    'where both ways fail, both reasons are shown',
    { debianRoot: true, fetching: 'no answer', installing: 'E: Unable to locate package ffmpeg' },
    ['ffmpeg-static, 60 s', 'apt-get'],
    'ffmpeg-static: no answer; apt-get: E: Unable to locate package ffmpeg',
  ],
  [
    'a package without its program is a failure too',
    { debianRoot: false },
    ['ffmpeg-static, 180 s'],
    'ffmpeg-static: no binary',
  ],
])('%s', async (_, has, tried, reasons) => {
  const site = machine(has);
  await expect(provideFfmpeg(site)).rejects.toEqual(
    new SetupError(`ffmpeg was not found and could not be fetched (${reasons}): ${remedy}`),
  );
  expect(site.tried).toEqual(tried);
});
