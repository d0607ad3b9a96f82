import { UsageError } from '@vigilia/service';
import { RequestError } from '../request-error.ts';

const statuses: Readonly<Record<string, number>> = {
  unknown_user: 404,
  user_exists: 409,
  password_too_short: 400,
  station_role_fixed: 400,
  no_password: 400,
  groups_decide: 409,
  wrong_passkey: 401,
  unknown_passkey: 404,
  too_many_passkeys: 409,
  file_busy: 503,
  users_file_invalid: 503,
};

/** Returns a failed change of the accounts as the answer to the administrator who wanted it; other errors as they are. */
export function accountError(error: unknown): unknown {
  if (error instanceof UsageError) {
    const sentence = error.remedy === undefined ? error.message : `${error.message} ${error.remedy}`;
    return new RequestError(statuses[error.code] ?? 400, error.code, sentence);
  }
  if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(String((error as { code?: unknown }).code))) return error;
  const message = 'The console cannot write its users file. Make it writable, or use the command line.';
  return new RequestError(503, 'users_file_not_writable', message);
}
