import { createLogger, isEntry, parseSettings, runMain, runService, UsageError } from '@vigilia/service';
import { DASHBOARDS_DIR, writeDashboards } from './dashboards/write-files.ts';
import { runReplay } from './output/run-replay.ts';
import { buildSink } from './run-sink.ts';
import { checkElasticsearchSettings, type ElasticsearchSettings } from './settings/elasticsearch-settings.ts';
import { replaySpec } from './settings/replay-settings.ts';
import { runSpec } from './settings/run-settings.ts';
import { setupSpec } from './settings/setup-settings.ts';
import { simulateSpec } from './settings/simulate-settings.ts';
import { runSetup } from './setup/run-setup.ts';
import { runSimulate } from './simulator/run-simulate.ts';

const subcommands: Readonly<Record<string, (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>>> = {
  run: runSink,
  setup: async (argv, env) => {
    const settings = parseSettings(setupSpec, argv, env);
    await runSetup(settings, oneShotLogger('setup', settings));
  },
  replay: async (argv, env) => {
    const settings = parseSettings(replaySpec, argv, env);
    await runReplay(settings, oneShotLogger('replay', settings));
  },
  simulate: async (argv, env) => {
    const settings = parseSettings(simulateSpec, argv, env);
    await runSimulate(settings, oneShotLogger('simulate', settings));
  },
  dashboards: async () => {
    await writeDashboards(DASHBOARDS_DIR);
  },
};

/**
 * `vigilia event-sink [run|setup|replay|simulate|dashboards] …`; without a subcommand: `run`, which ends only by a signal.
 * @throws UsageError `invalid_settings`, `unknown_subcommand`
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [word, ...others] = argv;
  if (word === undefined || word.startsWith('-')) return runSink(argv, env);
  const subcommand = subcommands[word];
  if (subcommand !== undefined) return subcommand(others, env);
  const message = `vigilia event-sink: ${word} is not a subcommand; there are ${Object.keys(subcommands).join(', ')}.`;
  throw new UsageError({ code: 'unknown_subcommand', message });
}

async function runSink(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const settings = parseSettings(runSpec, argv, env);
  checkElasticsearchSettings(settings);
  const logger = createLogger({ logger: 'event-sink', instanceId: settings.instanceId, level: settings.logLevel });
  await runService({ name: 'event-sink', logger, build: () => buildSink(settings, logger) });
}

function oneShotLogger(name: string, settings: ElasticsearchSettings) {
  checkElasticsearchSettings(settings);
  return createLogger({
    logger: 'event-sink',
    component: name,
    instanceId: `event-sink-${name}`,
    level: settings.logLevel,
  });
}

if (isEntry(import.meta.url)) await runMain(() => main(process.argv.slice(2), process.env));
