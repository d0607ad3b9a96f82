/**
 * `npm run release -- [--registry registry.example/vigilia/] [--dry-run]`: makes a release of the version in package.json. A dry run
 * shows each step with its commands and what stands against it, and changes nothing. Exit codes: 0 done, 1 when a step
 * failed or cannot be done on this machine, 2 for a wrong flag.
 */
import { parseArgs } from 'node:util';
import { planRelease } from './release/plan-release.mjs';
import { releaseFacts } from './release/release-facts.mjs';
import { REPO } from './setup/paths.mjs';
import { runCommand } from './setup/run-command.mjs';
import { say } from './setup/say.mjs';

const { registry, 'dry-run': isDry } = readFlags();
if (registry !== undefined && !registry.endsWith('/')) {
  refuse(`--registry must end with a slash (got ${registry}).`);
}

const facts = await releaseFacts(registry);
const steps = planRelease(facts);
const problems = steps.flatMap((step) => step.problems);
say(`Vigilia ${facts.version} of commit ${facts.commit.slice(0, 8)}`);
if (isDry || problems.length > 0) {
  for (const [index, step] of steps.entries()) {
    say(`${index + 1}. ${step.does}`);
    for (const words of step.commands) {
      say(`   $ ${words.join(' ')}`);
    }
    for (const problem of step.problems) {
      say(`   not possible: ${problem}`);
    }
  }
  say(
    problems.length === 0
      ? 'Nothing stands against it.'
      : `${problems.length} things stand against this release. Nothing was changed.`,
  );
  process.exit(problems.length === 0 ? 0 : 1);
}

for (const step of steps) {
  say(`${step.does} …`);
  for (const [command = '', ...args] of step.commands) {
    const { code } = await runCommand(command, args, { cwd: REPO, show: true });
    if (code !== 0) {
      say(
        `This failed: ${command} ${args.join(' ')}\nNo tag was made. Images that were pushed before carry ${facts.version}; run this again.`,
      );
      process.exit(1);
    }
  }
}
say(
  `Done. Publish the tag: git push origin v${facts.version}. Attach release/vigilia-${facts.version}.cdx.json to the release.`,
);

function readFlags() {
  try {
    return parseArgs({ options: { registry: { type: 'string' }, 'dry-run': { type: 'boolean', default: false } } })
      .values;
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} sentence
 * @returns {never}
 */
function refuse(sentence) {
  say(`${sentence} Use: npm run release -- [--registry registry.example/vigilia/] [--dry-run]`);
  process.exit(2);
}
