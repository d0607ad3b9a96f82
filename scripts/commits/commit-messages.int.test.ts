import { spawnSync } from 'node:child_process';
import { tempFolder } from '@vigilia/testing';
import { commitsOf, faultLines } from './commit-messages.mjs';

const date = '2027-01-01T10:00:00Z';

function git(folder: string, ...args: readonly string[]): void {
  const env = {
    ...process.env,
    GIT_COMMITTER_DATE: date,
    GIT_AUTHOR_DATE: date,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
  const { status, stderr } = spawnSync('git', [...identity, '-C', folder, ...args], { env, encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}

const commit = (folder: string, ...messages: readonly string[]): void =>
  git(folder, 'commit', '-q', '--allow-empty', ...messages.flatMap((message) => ['-m', message]));

test('a commit without a reason is found in a whole and in a shallow clone, and a merge at its edge is not one', async () => {
  await using folder = await tempFolder('commits');
  const [origin, shallow] = [folder.file('origin'), folder.file('shallow')];
  git(folder.path, 'init', '-q', '-b', 'main', origin);
  commit(origin, 'Begin', 'The reason.');
  git(origin, 'checkout', '-q', '-b', 'side');
  commit(origin, 'Add a room', 'The reason.');
  git(origin, 'checkout', '-q', 'main');
  git(origin, 'merge', '-q', '--no-ff', 'side');
  commit(origin, 'Forget the reason');
  git(folder.path, 'clone', '-q', '--depth', '2', `file://${origin}`, shallow);
  for (const clone of [origin, shallow]) {
    expect(faultLines(commitsOf(clone, ['HEAD']) ?? [])).toEqual([
      expect.stringMatching(/^[0-9a-f]+ "Forget the reason": a body that explains why is missing$/),
    ]);
  }
  expect(faultLines(commitsOf(origin, ['HEAD~1..HEAD']) ?? [])).toHaveLength(1);
  expect(() => commitsOf(origin, ['nowhere..HEAD'])).toThrow('git does not know the range nowhere..HEAD');
});

test('a folder that is not a clone, such as an unpacked archive, has nothing to check', async () => {
  await using folder = await tempFolder('no-clone');
  expect(commitsOf(folder.path, ['HEAD'])).toBeUndefined();
});
