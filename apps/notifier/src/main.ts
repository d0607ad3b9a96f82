import { createLogger, isEntry, parseSettings, runMain, runService } from '@vigilia/service';
import { loadAlerts } from './config/load-alerts.ts';
import { Notifier } from './notifier.ts';
import { checkPurpose, notifierSpec } from './settings.ts';

/**
 * `vigilia notifier …`; ends only by a signal.
 * @throws UsageError `invalid_settings`, `alerts_file_unreadable`, `alerts_file_invalid`, `secret_unreadable`
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const settings = parseSettings(notifierSpec, argv, env);
  checkPurpose(settings);
  const alerts = settings.alertsFile === undefined ? undefined : await loadAlerts(settings.alertsFile, env);
  const { instanceId, logLevel: level } = settings;
  const logger = createLogger({ logger: 'notifier', instanceId, level });
  await runService({
    name: 'notifier',
    logger,
    build: (control) => new Notifier({ settings, alerts, logger, control }),
  });
}

if (isEntry(import.meta.url)) await runMain(() => main(process.argv.slice(2), process.env));
