import { UsageError } from '@vigilia/service';

/** @throws UsageError when it is not a room number. */
export function parseRoom(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new UsageError({
    code: 'invalid_settings',
    message: `"${text}" is not a room number.`,
    remedy: 'Write for example 2.',
  });
}
