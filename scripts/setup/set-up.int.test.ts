import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ffmpegPath, requires } from '@vigilia/testing';
import { REPO } from './paths.mjs';

/** Makes the first command that a Node.js process runs its end. */
const trap = `import child from 'node:child_process'; import { syncBuiltinESMExports } from 'node:module';
child.spawn = (command) => { throw new Error('it ran ' + command); }; syncBuiltinESMExports();`;

/** A set-up of this folder, where everything is there already (`npm test` has seen to it), that may not run a command. */
function setUpAgain(env: NodeJS.ProcessEnv): Promise<{ code: number; output: string; said: string }> {
  const options = {
    env: { ...process.env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(trap)}`, ...env },
  };
  return new Promise((resolve) =>
    execFile(process.execPath, [join(REPO, 'scripts/setup.mjs')], options, (error, output, said) =>
      resolve({ code: error === null ? 0 : Number(error.code), output, said }),
    ),
  );
}

requires('ffmpeg', 'model')('set-up', () => {
  test('runs no command the second time, so that npm start begins at once', async () => {
    const { code, said } = await setUpAgain({ FFMPEG_BIN: ffmpegPath() });
    expect({ code, said }).toEqual({ code: 0, said: 'Everything is there: npm start, npm test.\n' });
  });

  test('that cannot go on prints one sentence with the remedy and ends with code 1', async () => {
    expect(await setUpAgain({ FFMPEG_BIN: '/nowhere/ffmpeg' })).toEqual({
      code: 1,
      output: '',
      said: 'FFMPEG_BIN is /nowhere/ffmpeg, but there is no program of that name: correct it or unset it.\n',
    });
  });
});
