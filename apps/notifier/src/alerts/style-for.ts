import type { ComposeOptions } from '../alerts/compose.ts';
import type { AlertsFile } from '../config/alerts-schema.ts';

/** How the messages of each target are written: its own language, or the file's. */
export function styleFor(file: AlertsFile): (target: string) => ComposeOptions {
  return (target) => ({
    language: file.targets[target]?.language ?? file.language,
    timeZone: file.time_zone,
    consoleUrl: file.console_url,
  });
}

/** Returns who receives the messages of a target. */
export function recipientOf(file: AlertsFile, target: string): string {
  const settings = file.targets[target];
  return (settings !== undefined && 'recipient' in settings ? settings.recipient : undefined) ?? target;
}
