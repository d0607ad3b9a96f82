import { randomBytes } from 'node:crypto';
import { readJsonFile, UsageError, writeFileAtomic } from '@vigilia/service';
import { z } from 'zod';
import { roles } from '../../shared/roles.ts';
import { withFileLock } from './file-lock.ts';

/** What is typed to sign in. */
export const userNameSchema = z
  .string()
  .regex(/^[a-z0-9._-]{1,64}$/, 'must be 1 to 64 lower-case letters, digits, dots, underscores or hyphens');
/** What incidents show. */
export const displayNameSchema = z.string().trim().min(1, 'must not be empty').max(128);
/** The wards whose rooms an account has; absent for all rooms. */
export const wardsSchema = z.array(z.string().trim().min(1, 'must not be empty').max(128)).min(1).max(100);

const passkeySchema = z.object({
  /** Credential id, base64url. */
  id: z.string().min(1).max(1400),
  /** COSE key, base64url. */
  public_key: z.string().min(1).max(4096),
  /** Number of uses that the authenticator reported last; 0 where it does not count. */
  counter: z.number().int().nonnegative(),
  /** What the person calls it. */
  name: z.string().min(1).max(64),
  /** ISO 8601. */
  added_at: z.string(),
  used_at: z.string().optional(),
});

export type Passkey = z.infer<typeof passkeySchema>;

const userSchema = z.object({
  name: userNameSchema,
  display_name: displayNameSchema,
  /** Files of versions before wards name the role of nurses `carer`. */
  role: z.preprocess((role) => (role === 'carer' ? 'nurse' : role), z.enum(roles)),
  wards: wardsSchema.optional(),
  /** May see clips of falls, where the policy allows them. */
  clips: z.boolean().optional(),
  password: z.string().startsWith('scrypt$').optional(),
  passkeys: z.array(passkeySchema).max(10).optional(),
  /** Station displays sign in with a link instead of a password; only the hash of its token is kept. */
  token: z.string().startsWith('sha256$').optional(),
  /** The account of a person who signs in with an OpenID Connect provider: role and wards follow its groups. */
  oidc: z.object({ issuer: z.string(), subject: z.string().min(1).max(255) }).optional(),
  /** May not sign in, in whatever way. */
  blocked: z.boolean().optional(),
  /** A random text: with another one every sign-in of the account ends. */
  stamp: z.string().max(64).optional(),
});
const fileSchema = z.object({ users: z.array(userSchema) });

export type User = z.infer<typeof userSchema>;

/** Returns a new value for `User.stamp`. */
export function newStamp(): string {
  return randomBytes(12).toString('base64url');
}

/**
 * Reads the users file.
 * @param missing returned where there is no file
 * @throws UsageError `users_file_invalid`
 */
export async function readUsers(file: string, missing?: User[]): Promise<User[]> {
  let content: unknown;
  try {
    content = await readJsonFile(file);
  } catch (cause) {
    const message = `The users file ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`;
    throw new UsageError({ code: 'users_file_invalid', message, cause });
  }
  if (content === undefined && missing !== undefined) return missing;
  const checked = fileSchema.safeParse(content);
  if (!checked.success) throw invalid(file, checked.error);
  return checked.data.users;
}

/**
 * Changes the users file, which is made where it is missing, readable by its owner only. Console and command line may change it at
 * the same time: one waits for the other, and no change is lost.
 * @throws UsageError `users_file_invalid`, `file_busy`; what the change throws
 */
export async function updateUsers(
  file: string,
  change: (users: readonly User[]) => readonly User[],
): Promise<readonly User[]> {
  return withFileLock(file, async () => {
    const checked = fileSchema.safeParse({ users: change(await readUsers(file, [])) });
    if (!checked.success) throw invalid(file, checked.error);
    await writeFileAtomic(file, `${JSON.stringify(checked.data, null, 2)}\n`, 0o600);
    return checked.data.users;
  });
}

function invalid(file: string, error: z.ZodError): UsageError {
  const issue = error.issues[0];
  const message = `The users file ${file} is not valid: ${issue?.path.join('.') || 'the file'}: ${issue?.message}.`;
  return new UsageError({ code: 'users_file_invalid', message, remedy: 'See "vigilia console add-user --help".' });
}
