import { SetupError } from './setup-error.mjs';

const NEEDED = { major: 20, minor: 19 };

/**
 * @param {string} version such as `20.19.1`
 * @throws {SetupError} when it is too old
 */
export function checkNodeVersion(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NEEDED.major || (major === NEEDED.major && minor >= NEEDED.minor)) return;
  throw new SetupError(`Node.js ${version} is too old: Vigilia needs ${NEEDED.major}.${NEEDED.minor} or later.`);
}
