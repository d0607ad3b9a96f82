import { readFileSync } from 'node:fs';
import { type Policy, policySchema, unknownPolicyPaths } from '@vigilia/protocol';
import { UsageError } from '@vigilia/service';
import { parse } from 'yaml';

/**
 * The policy of a YAML file, with every default filled in; without a file the defaults.
 * @throws UsageError `policy_unreadable`, `policy_invalid` naming every field at fault
 */
export function readPolicy(file: string | undefined): Policy {
  if (file === undefined) return policySchema.parse({});
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError({
      code: 'policy_unreadable',
      message: `The policy ${file} cannot be read (${(cause as NodeJS.ErrnoException).code}).`,
      remedy: 'Give the path of a YAML file; deploy/policy.example.yaml is one.',
      cause,
    });
  }
  return parsePolicy(text, file);
}

/** @throws UsageError `policy_invalid` */
export function parsePolicy(text: string, name: string): Policy {
  let value: unknown;
  try {
    value = parse(text) ?? {};
  } catch (cause) {
    const message = `The policy ${name} is not YAML: ${(cause as Error).message.split('\n')[0]}`;
    throw new UsageError({ code: 'policy_invalid', message, remedy: 'Check its indentation and brackets.', cause });
  }
  const parsed = policySchema.safeParse(value);
  const unknown = unknownPolicyPaths(value);
  if (parsed.success && unknown.length === 0) return parsed.data;
  const problems = [
    ...unknown.map((path) => `${path} is not a setting`),
    ...(parsed.error?.issues ?? []).map(
      (issue) => `${issue.path.map(String).join('.') || 'the file'}: ${issue.message}`,
    ),
  ];
  throw new UsageError({
    code: 'policy_invalid',
    message: `The policy ${name} is not valid: ${problems.join('; ')}.`,
    remedy: 'See deploy/policy.schema.json.',
  });
}
