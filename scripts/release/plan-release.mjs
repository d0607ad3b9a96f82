/** @typedef {{
 *   version: string, commit: string, changedFiles: readonly string[], tags: readonly string[], changelog: string,
 *   registry: string | undefined, platforms: readonly string[],
 *   baseImages: readonly { argument: string, image: string, digest: string | undefined }[]
 * }} ReleaseFacts `registry`: where images go, with a slash at its end; `platforms`: those that the builder of this machine makes;
 *   `digest`: undefined where the registry of the base image could not be asked
 */
/** @typedef {{ does: string, commands: readonly (readonly string[])[], problems: readonly string[] }} ReleaseStep */

const TARGETS = ['processor', 'orchestrator', 'event-sink', 'console', 'notifier', 'cli', 'secrets'];
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

/**
 * Returns the steps of a release, in order, each with what stands against it; pure.
 * @param {ReleaseFacts} facts
 * @returns {ReleaseStep[]}
 */
export function planRelease(facts) {
  return [
    { does: 'Check the clean tree, the version and the changelog', commands: [], problems: sourceProblems(facts) },
    { does: 'Run all tests', commands: [['npm', 'test']], problems: [] },
    {
      does: 'Write the bill of materials (CycloneDX)',
      commands: [['node', 'scripts/release/write-sbom.mjs', `release/vigilia-${facts.version}.cdx.json`]],
      problems: [],
    },
    {
      does: 'Build images for amd64 and arm64, with a bill of materials and provenance each, and push them',
      commands: TARGETS.map((target) => buildCommand(target, facts)),
      problems: [...baseProblems(facts), ...builderProblems(facts)],
    },
    {
      does: 'Tag the commit',
      commands: [['git', 'tag', '--annotate', tagOf(facts), '--message', `Vigilia ${facts.version}`]],
      problems: [],
    },
  ];
}

/** @param {Pick<ReleaseFacts, 'version'>} facts */
const tagOf = ({ version }) => `v${version}`;

/**
 * @param {ReleaseFacts} facts
 * @returns {string[]}
 */
function sourceProblems({ version, changedFiles, tags, changelog }) {
  const problems = [];
  if (changedFiles.length > 0) {
    const named = changedFiles.slice(0, 3).join(', ');
    problems.push(`${changedFiles.length} files are not committed (${named}). Commit or remove them.`);
  }
  if (tags.includes(tagOf({ version }))) {
    problems.push(`v${version} exists already. Set the next version: node scripts/release/set-version.mjs VERSION`);
  }
  if (!changelogSection(changelog, version)) {
    problems.push(
      `CHANGELOG.md has no section "## ${version} - DATE" with at least one entry. Name the version there.`,
    );
  }
  return problems;
}

/**
 * @param {string} changelog
 * @param {string} version
 * @returns {boolean} whether the version has a dated section with an entry
 */
function changelogSection(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const section = sections.find(
    (each) => /^\[?([^\]\s]+)\]? - \d{4}-\d{2}-\d{2}$/m.exec(each.split('\n')[0] ?? '')?.[1] === version,
  );
  return section !== undefined && /^- \S/m.test(section);
}

/**
 * @param {ReleaseFacts} facts
 * @returns {string[]}
 */
function baseProblems({ baseImages }) {
  return baseImages
    .filter(({ digest }) => digest === undefined)
    .map(
      ({ image }) =>
        `The digest of ${image} is not known, because its registry did not answer. Run this where the registry can be reached.`,
    );
}

/**
 * @param {ReleaseFacts} facts
 * @returns {string[]}
 */
function builderProblems({ registry, platforms }) {
  const missing = PLATFORMS.filter((platform) => !platforms.includes(platform));
  const problems = missing.map(
    (platform) =>
      `The builder of this machine makes no ${platform}. Create one that does: docker buildx create --use, and binfmt for the foreign processor.`,
  );
  if (registry === undefined) {
    problems.push('No registry to push to. Name one: npm run release -- --registry registry.example/vigilia/');
  }
  return problems;
}

/**
 * @param {string} target
 * @param {ReleaseFacts} facts
 */
function buildCommand(target, { version, commit, registry = '', baseImages }) {
  const bases = baseImages.flatMap(({ argument, image, digest = 'sha256:unknown' }) => [
    '--build-arg',
    `${argument}=${image}@${digest}`,
  ]);
  const stated = ['--build-arg', `VIGILIA_VERSION=${version}`, '--build-arg', `VIGILIA_COMMIT=${commit}`];
  const evidence = ['--sbom=true', '--provenance=mode=max'];
  const place = ['--tag', `${registry}vigilia-${target}:${version}`, '--push', '.'];
  const what = ['--file', 'deploy/Dockerfile', '--target', target, '--platform', PLATFORMS.join(',')];
  return ['docker', 'buildx', 'build', ...what, ...bases, ...stated, ...evidence, ...place];
}
