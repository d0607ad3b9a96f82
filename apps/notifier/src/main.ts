import { serve } from '@vigilia/service';
import { startNotifier } from './notifier.ts';
import { notifierSpec } from './settings.ts';

/**
 * `vigilia notifier …`; ends only by a signal.
 * @throws UsageError `invalid_settings`, `alerts_file_unreadable`, `alerts_file_invalid`, `secret_unreadable`
 */
export const main = serve({
  entry: import.meta.url,
  name: 'notifier',
  settings: notifierSpec,
  start: startNotifier,
});
