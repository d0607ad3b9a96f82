import { createLogger, parseSettings, serve, systemClock } from '@vigilia/service';
import { DASHBOARDS_DIR, writeDashboards } from './dashboards/write-files.ts';
import { runRedelivery } from './run-redelivery.ts';
import { checkElasticsearchSettings, type ElasticsearchSettings } from './settings/elasticsearch-settings.ts';
import { redeliverySpec } from './settings/redelivery-settings.ts';
import { reportSpec } from './settings/report-settings.ts';
import { runSpec } from './settings/run-settings.ts';
import { setupSpec } from './settings/setup-settings.ts';
import { simulateSpec } from './settings/simulate-settings.ts';
import { runSetup } from './setup/run-setup.ts';
import { startSink } from './start-sink.ts';

/**
 * `vigilia event-sink [run|setup|replay|report|simulate|dashboards] …`; without a subcommand: `run`, which ends only by a signal.
 * @throws UsageError `invalid_settings`, `unknown_subcommand`
 */
export const main = serve({
  entry: import.meta.url,
  name: 'event-sink',
  settings: runSpec,
  start: startSink,
  commands: {
    setup: async (argv, env) => {
      const settings = parseSettings(setupSpec, argv, env);
      await runSetup(settings, commandLogger('setup', settings));
    },
    replay: async (argv, env) => {
      const settings = parseSettings(redeliverySpec, argv, env);
      await runRedelivery(settings, commandLogger('replay', settings));
    },
    simulate: async (argv, env) => {
      const settings = parseSettings(simulateSpec, argv, env);
      // the service itself never loads the simulated site
      const { runSimulate } = await import('./simulate/run-simulate.ts');
      await runSimulate(settings, commandLogger('simulate', settings));
    },
    report: async (argv, env) => {
      const { runReport } = await import('./run-report.ts');
      const settings = parseSettings(reportSpec, argv, env);
      checkElasticsearchSettings(settings);
      const { output, warnings } = await runReport(settings, systemClock.now());
      process.stderr.write(warnings.map((one) => `${one}\n`).join(''));
      process.stdout.write(output);
    },
    dashboards: async () => void (await writeDashboards(DASHBOARDS_DIR)),
  },
});

function commandLogger(name: string, settings: ElasticsearchSettings) {
  checkElasticsearchSettings(settings);
  return createLogger({
    logger: 'event-sink',
    component: name,
    instanceId: `event-sink-${name}`,
    level: settings.logLevel,
  });
}
