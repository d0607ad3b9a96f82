import type { JsonRecord } from '@vigilia/protocol';
import { isJsonRecord } from '@vigilia/protocol/policy-differences';
import { parse, stringify } from 'yaml';

/** Returns a policy as a file for people and for `--policy`. */
export function policyYaml(policy: JsonRecord, revision: number): string {
  const head = `# Policy of Vigilia, revision ${revision}. Settings: deploy/policy.example.yaml\n`;
  return head + stringify(policy, { lineWidth: 0 });
}

/** Returns the policy of a YAML file; undefined: it is not YAML, or not an object. An empty file is a policy of defaults. */
export function policyOfYaml(text: string): JsonRecord | undefined {
  try {
    const content: unknown = parse(text) ?? {};
    return isJsonRecord(content) ? content : undefined;
  } catch {
    return undefined;
  }
}
