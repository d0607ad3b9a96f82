// Writes what is generated from the protocol: documents, the schema of the policy and the access rules of the broker.
//   node scripts/generate-docs.mjs            writes them
//   node scripts/generate-docs.mjs --check    exit code 1 and a sentence for each file that is not current
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import {
  asyncApiDocument,
  commandsMarkdown,
  peopleAccessRules,
  policyJsonSchema,
  processorAccessRules,
} from '@vigilia/protocol';
import { stringify } from 'yaml';

const root = new URL('../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const files = {
  'docs/commands.md': commandsMarkdown(),
  'docs/asyncapi.yaml': stringify(asyncApiDocument(version), { aliasDuplicateObjects: false, lineWidth: 0 }),
  'deploy/mosquitto/people.acl': peopleAccessRules(),
  'deploy/mosquitto/processors.acl': processorAccessRules(),
  'deploy/policy.schema.json': `${JSON.stringify(policyJsonSchema(), null, 2)}\n`,
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const file = new URL(name, root);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${name} is not current: run "node scripts/generate-docs.mjs" and commit the result.\n`);
    stale += 1;
  } else {
    writeFileSync(file, text);
    process.stdout.write(`wrote ${name}\n`);
  }
}
process.exitCode = stale === 0 ? 0 : 1;
