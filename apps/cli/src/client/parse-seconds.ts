import { UsageError } from '@vigilia/service';

/**
 * The value of `--timeout`, seconds.
 * @throws UsageError unless it is a number from 0 to a day.
 */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= 86_400) return seconds;
  throw new UsageError({
    code: 'invalid_settings',
    message: `--timeout "${text}" is not a number of seconds.`,
    remedy: 'Write for example --timeout 45.',
  });
}
