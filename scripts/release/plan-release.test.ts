import { planRelease, type ReleaseFacts } from './plan-release.mjs';

const ready: ReleaseFacts = {
  version: '1.2.0',
  commit: 'abc',
  changedFiles: [],
  tags: ['v1.1.0'],
  changelog: '# Changelog\n\n## Unreleased\n\n## 1.2.0 - 2026-12-01\n\n### Added\n- Something.\n',
  registry: 'registry.example/vigilia/',
  platforms: ['linux/amd64', 'linux/arm64'],
  baseImages: [{ argument: 'NODE_IMAGE', image: 'node:24', digest: 'sha256:1234' }],
};
const problemsOf = (change: Partial<ReleaseFacts>) =>
  planRelease({ ...ready, ...change }).flatMap(({ problems }) => problems);

describe('a release', () => {
  it('tests before it builds, and tags only what was built, so that no tag names a commit without images', () => {
    const commands = planRelease(ready).flatMap((step) => step.commands.map((words) => words.slice(0, 3).join(' ')));
    expect(commands[0]).toBe('npm test');
    expect(commands.at(-1)).toBe('git tag --annotate');
    expect(commands.filter((each) => each === 'docker buildx build')).toHaveLength(7);
    expect(problemsOf({})).toEqual([]);
  });

  it('builds each image for both processor families, from bases by digest, with bill of materials and provenance', () => {
    const builds = planRelease(ready)
      .flatMap(({ commands }) => commands)
      .filter(([program]) => program === 'docker')
      .map((words) => words.join(' '));
    for (const build of builds) {
      expect(build).toContain('--platform linux/amd64,linux/arm64');
      expect(build).toContain('--build-arg NODE_IMAGE=node:24@sha256:1234');
      expect(build).toContain('--sbom=true --provenance=mode=max');
      expect(build).toMatch(/--tag registry\.example\/vigilia\/vigilia-[\w-]+:1\.2\.0 --push/);
    }
  });

  it.each<[string, Partial<ReleaseFacts>, string]>([
    [
      'files that are not committed',
      { changedFiles: ['README.md'] },
      '1 files are not committed (README.md). Commit or remove them.',
    ],
    ['a version that was released', { tags: ['v1.2.0'] }, 'v1.2.0 exists already. Set the next version'],
    [
      'a version that the changelog does not name',
      { version: '1.3.0' },
      'CHANGELOG.md has no section "## 1.3.0 - DATE"',
    ],
    [
      'a section without entries',
      { changelog: '## 1.2.0 - 2026-12-01\n\n## 1.1.0 - 2026-11-01\n- Old.\n' },
      'with at least one entry',
    ],
    [
      'a builder for one processor family',
      { platforms: ['linux/amd64'] },
      'The builder of this machine makes no linux/arm64',
    ],
    ['no registry', { registry: undefined }, 'No registry to push to. Name one: npm run release -- --registry'],
    [
      'an unknown base image',
      { baseImages: [{ argument: 'NODE_IMAGE', image: 'node:24', digest: undefined }] },
      'The digest of node:24 is not known',
    ],
  ])('is refused with %s, and states what to do', (_, change, problem) => {
    expect(problemsOf(change)).toEqual([expect.stringContaining(problem)]);
  });
});
