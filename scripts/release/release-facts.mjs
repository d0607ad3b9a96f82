import { readText } from '../documents/repository-files.mjs';
import { REPO } from '../setup/paths.mjs';
import { runCommand } from '../setup/run-command.mjs';
import { version } from './versions.mjs';

/**
 * Collects what a release depends on: the clone, the builder of this machine, the digests of the base images.
 * @param {string | undefined} registry
 * @returns {Promise<import('./plan-release.mjs').ReleaseFacts>}
 */
export async function releaseFacts(registry) {
  return {
    version: version(),
    commit: (await output('git', ['rev-parse', 'HEAD'])).trim(),
    changedFiles: lines(await output('git', ['status', '--porcelain'])).map((line) => line.slice(3)),
    tags: lines(await output('git', ['tag'])),
    changelog: readText('CHANGELOG.md'),
    registry,
    platforms: platformsIn(await output('docker', ['buildx', 'inspect', '--bootstrap'])),
    baseImages: await Promise.all(baseImages().map(async (base) => ({ ...base, digest: await digestOf(base.image) }))),
  };
}

/** The base images that the Dockerfile names, each with the build argument that replaces it. */
function baseImages() {
  return [...readText('deploy/Dockerfile').matchAll(/^ARG (\w+_IMAGE)=(\S+)$/gm)].map(
    ([, argument = '', image = '']) => ({ argument, image }),
  );
}

/**
 * @param {string} image
 * @returns {Promise<string | undefined>} of the list of all processor families; undefined when the registry did not answer
 */
async function digestOf(image) {
  const text = await output('docker', ['buildx', 'imagetools', 'inspect', image, '--format', '{{.Manifest.Digest}}']);
  return /^sha256:[0-9a-f]{64}$/m.exec(text)?.[0];
}

/** @param {string} text */
const platformsIn = (text) =>
  [...text.matchAll(/^Platforms:\s*(.+)$/gm)].flatMap(([, list = '']) =>
    list.split(',').map((each) => each.trim().replace('*', '')),
  );

/** @param {string} text */
const lines = (text) => text.split('\n').filter((line) => line !== '');

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string>} empty when it failed: the plan states what is missing
 */
async function output(command, args) {
  const result = await runCommand(command, args, { cwd: REPO, timeoutMs: 60_000 });
  return result.code === 0 ? result.output : '';
}
