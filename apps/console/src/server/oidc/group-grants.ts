import { UsageError } from '@vigilia/service';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { type Role, roles } from '../../shared/roles.ts';
import { wardsSchema } from '../auth/users-file.ts';

/** A wall screen signs in with its link, never through the provider. */
const grantableRoles = roles.filter((role) => role !== 'station');

const grantSchema = z.strictObject({
  group: z.string('must be the name of a group').min(1, 'must not be empty').max(256),
  role: z.enum(grantableRoles, `must be one of ${grantableRoles.join(', ')}`),
  /** Absent: all rooms. */
  wards: wardsSchema.optional(),
});
const fileSchema = z.strictObject({ groups: z.array(grantSchema, 'must be a list').min(1, 'must have a group') });

/** What the members of one group of the provider may do. */
export type GroupGrant = z.infer<typeof grantSchema>;

/** What a person may do. */
export interface Grant {
  readonly role: Role;
  /** Undefined: all rooms. */
  readonly wards: readonly string[] | undefined;
}

/**
 * Reads which role and wards each group gives, from YAML or JSON.
 * @param path for the error
 * @throws UsageError `oidc_groups_invalid`
 */
export function parseGroupGrants(text: string, path: string): readonly GroupGrant[] {
  const checked = fileSchema.safeParse(parsed(text, path));
  if (checked.success) return checked.data.groups;
  throw invalid(path, checked.error.issues.map(describe).join('; '));
}

/**
 * Decides what a person may do: the highest role of all groups, and the wards of the groups that give this role. Wards of lower
 * roles do not count: a nurse of ward 1 who may look at ward 2 must not act there.
 * @returns undefined for a person without a mapped group
 */
export function grantOf(grants: readonly GroupGrant[], groups: readonly string[]): Grant | undefined {
  const own = grants.filter(({ group }) => groups.includes(group));
  const role = roles.findLast((one) => own.some((grant) => grant.role === one));
  if (role === undefined) return undefined;
  const deciding = own.filter((grant) => grant.role === role);
  if (deciding.some(({ wards }) => wards === undefined)) return { role, wards: undefined };
  return { role, wards: [...new Set(deciding.flatMap(({ wards }) => wards ?? []))].sort() };
}

function parsed(text: string, path: string): unknown {
  try {
    return parse(text, { prettyErrors: true });
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw invalid(path, `line ${error.linePos?.[0].line ?? '?'} is not YAML (${error.code.toLowerCase()})`);
  }
}

function describe(issue: z.core.$ZodIssue): string {
  const field = issue.path.map(String).join('.') || 'the file';
  if (issue.code === 'unrecognized_keys') return `${field} has unknown fields: ${issue.keys.join(', ')}`;
  return `${field} ${issue.code === 'invalid_type' && field === 'the file' ? 'must have the field groups' : issue.message}`;
}

function invalid(path: string, problem: string): UsageError {
  return new UsageError({
    code: 'oidc_groups_invalid',
    message: `The file of groups ${path}: ${problem}.`,
    remedy: 'docs/console.md (Sign-in through OIDC) has one that works.',
  });
}
