import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { policyRooms, policySchema } from '@vigilia/protocol';
import { repoRoot } from '@vigilia/testing';
import { parse } from 'yaml';

const example = parse(readFileSync(join(repoRoot, 'deploy', 'policy.example.yaml'), 'utf8')) as Record<string, unknown>;

test('the example of a policy is one that the orchestrator takes, and misspells nothing', () => {
  const policy = policySchema.parse(example);
  expect(policyRooms(policy)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  // A misspelt name would be ignored, so every name must come back.
  expect(policy).toMatchObject(example);
});
