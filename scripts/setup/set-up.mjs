import { build } from './build.mjs';
import { makeDefaultModel } from './default-model.mjs';
import { provideFfmpeg } from './ffmpeg.mjs';
import { withSetupLock } from './lock.mjs';
import { checkNodeVersion } from './node-version.mjs';
import { installPackages } from './packages.mjs';
import { say } from './say.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Everything the system needs on a fresh machine; nothing where it is already there. Afterwards FFMPEG_BIN is set for this
 * process and its children.
 * @returns {Promise<boolean>} false: something could not be done; one sentence was printed, and the exit code is set to 1
 */
export async function setUp() {
  try {
    checkNodeVersion(process.versions.node);
    await withSetupLock(async () => {
      await installPackages();
      const ffmpeg = await provideFfmpeg();
      await makeDefaultModel(ffmpeg);
      await build();
      process.env.FFMPEG_BIN = ffmpeg;
    });
    return true;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
    return false;
  }
}
