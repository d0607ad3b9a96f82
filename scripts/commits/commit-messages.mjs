import { spawnSync } from 'node:child_process';

/** The rule holds for commits from this moment on; earlier ones are history. */
export const RULE_BEGAN = '2026-12-01T00:00:00Z';

const LONGEST_SUBJECT = 72;
/** Made by git or by a platform, which writes them itself. */
const MADE_BY_PROGRAMS = /^(Merge |Revert "|fixup! |squash! |Bump \S+ from )/;

/** @typedef {{ hash: string, date: string, subject: string, body: string }} Commit */

/**
 * Returns what is wrong with the message of a commit, as sentences; nothing for merges and for what programs write.
 * @param {Pick<Commit, 'subject' | 'body'>} commit
 * @returns {string[]}
 */
export function faultsOf({ subject, body }) {
  if (MADE_BY_PROGRAMS.test(subject)) return [];
  const length = [...subject].length;
  return [
    ...(length > LONGEST_SUBJECT
      ? [`the subject has ${length} characters, at most ${LONGEST_SUBJECT} are allowed`]
      : []),
    ...(subject.endsWith('.') ? ['the subject ends with a full stop'] : []),
    ...(body.replace(/^[\w-]+: .*$/gm, '').trim() === '' ? ['a body that explains why is missing'] : []),
  ];
}

/**
 * Returns the commits of a range, newest first, whether the clone is shallow or not; undefined where there is no repository or no git.
 * @param {string} folder of the clone
 * @param {readonly string[]} range what `git log` takes: `origin/main..HEAD`, `--since=…`
 * @returns {Commit[] | undefined}
 * @throws {Error} when git does not know the range
 */
export function commitsOf(folder, range) {
  const git = (/** @type {string[]} */ ...args) =>
    spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
  if (git('rev-parse', '--git-dir').status !== 0) return undefined;
  const log = git('log', '--no-merges', '--format=%h%x1f%cI%x1f%s%x1f%b%x1e', ...range, '--');
  if (log.status !== 0) throw new Error(`git does not know the range ${range.join(' ')}: ${log.stderr.trim()}`);
  return log.stdout
    .split('\x1e')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => {
      const [hash = '', date = '', subject = '', body = ''] = entry.split('\x1f');
      return { hash, date, subject, body };
    });
}

/**
 * Returns one line per fault of the commits since the rule began.
 * @param {readonly Commit[]} commits
 */
export function faultLines(commits) {
  return commits
    .filter(({ date }) => Date.parse(date) >= Date.parse(RULE_BEGAN))
    .flatMap((commit) => faultsOf(commit).map((fault) => `${commit.hash} "${commit.subject}": ${fault}`));
}
