import { type AlertTargetReport, withoutUndefined } from '@vigilia/protocol';
import type { TargetState } from './alerts/target-health.ts';
import type { AlertsConfig } from './config/load-alerts.ts';

/** Returns what the notifier reports of its targets; pure. */
export function targetReports(
  states: Readonly<Record<string, TargetState>>,
  alerts: AlertsConfig | undefined,
): AlertTargetReport[] {
  return Object.entries(states).map(([name, { ok, pending, failing_since, code, error, remedy }]) =>
    withoutUndefined({
      name,
      type: alerts?.file.targets[name]?.type ?? 'unknown',
      ok,
      pending,
      failing_since,
      code,
      error,
      remedy,
    }),
  );
}
