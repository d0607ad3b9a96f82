import { EXIT, ExitRequest } from './exit-request.ts';
import { isEntry } from './is-entry.ts';
import { reportFailure, runMain } from './run-main.ts';
import { ServiceScope, type ServiceSettings } from './service-scope.ts';
import {
  type ParsedSettings,
  parseSettingsWithSources,
  type SettingsOf,
  type SettingsSpec,
  type SettingsTable,
} from './settings.ts';
import { onEndSignal } from './signals.ts';
import { UsageError } from './usage-error.ts';

/** A command. `argv` holds its arguments, without the command's own name. */
export type Main = (argv: readonly string[], env: NodeJS.ProcessEnv) => Promise<void>;

export interface ServiceDefinition<T extends SettingsTable> {
  /** `import.meta.url` of the main module: the service runs when this module is the program that was started. */
  readonly entry: string;
  /** `processor`, `orchestrator` … */
  readonly name: string;
  readonly settings: SettingsSpec<T> & (SettingsOf<T> extends ServiceSettings ? unknown : never);
  /**
   * Builds and starts the service, and adds to the scope what stops it. Resolves when the service works.
   * @param sources where each setting came from
   */
  readonly start: (
    scope: ServiceScope<SettingsOf<T> & ServiceSettings>,
    sources: ParsedSettings<T>['sources'],
  ) => Promise<unknown>;
  /** Short commands under the service's name. Without one, and with `run`, the service itself runs. */
  readonly commands?: Readonly<Record<string, Main>>;
  /** The other services follow this one from broker to broker; `false` by default. */
  readonly leads?: boolean;
  /** Longest duration of the teardown, ms; 10 s by default. */
  readonly stopLimitMs?: number;
}

/**
 * Defines a service and, where its main module is the program that was started, runs it: settings, log, broker, health server,
 * signals and teardown. Returns the service as a command, which ends the process:
 * SIGTERM, SIGINT or `scope.requestExit` → teardown → 0 or the requested code; a second signal → 130 at once; UsageError →
 * one sentence on standard error → 2; ExitRequest → its code; any other error, also a rejection that is not handled → logged
 * → 1. A step of the teardown that fails or hangs → logged → 1.
 */
export function serve<T extends SettingsTable>(definition: ServiceDefinition<T>): Main {
  const main: Main = async (argv, env) => {
    const { command, rest } = chooseCommand(definition, argv);
    if (command !== undefined) return command(rest, env);
    const { name, settings, start, leads, stopLimitMs } = definition;
    const parsed = parseSettingsWithSources<T>(settings, rest, env);
    const values = parsed.values as SettingsOf<T> & ServiceSettings;
    const scope = new ServiceScope({ name, settings: values, env, leads, stopLimitMs });
    return runScope(scope, () => start(scope, parsed.sources));
  };
  // after the module, so that everything in it is initialised
  if (isEntry(definition.entry)) {
    setImmediate(() => runMain(() => main(process.argv.slice(2), process.env)));
  }
  return main;
}

/** @throws UsageError `unknown_subcommand` */
function chooseCommand(
  { settings, commands }: Pick<ServiceDefinition<SettingsTable>, 'commands'> & { readonly settings: { name: string } },
  argv: readonly string[],
): { command: Main | undefined; rest: readonly string[] } {
  const [word, ...rest] = argv;
  if (word === undefined || word.startsWith('-')) return { command: undefined, rest: argv };
  if (word === 'run') return { command: undefined, rest };
  const command = commands?.[word];
  if (command !== undefined) return { command, rest };
  const known = ['run', ...Object.keys(commands ?? {})].join(', ');
  const message = `${settings.name}: ${word} is not a subcommand; there are ${known}.`;
  throw new UsageError({ code: 'unknown_subcommand', message });
}

async function runScope(scope: ServiceScope, start: () => Promise<unknown>): Promise<never> {
  const { name, logger, signal } = scope;
  listenForEnd(scope);
  const ended = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  const starting = (async () => start())();
  let failure: unknown;
  try {
    await Promise.race([starting, ended]);
    if (!signal.aborted) {
      logger.info({ event: 'service_started', service: name }, 'started');
    }
  } catch (error) {
    // a start that was cut short by a signal fails because of it, which is not a failure
    failure = signal.aborted ? undefined : error;
  }
  if (failure === undefined) {
    await ended;
  }
  // what is still starting may add steps: they run after it, and it has no longer than they have
  scope.onStop('start', () => starting.catch(() => undefined));
  const clean = await scope.stop().then(
    () => true,
    () => false,
  );
  const requested = failure === undefined ? (signal.reason as ExitRequest).exitCode : reportFailure(failure, logger);
  const code = clean || failure !== undefined ? requested : EXIT.failure;
  logger.info({ event: 'service_stopped', service: name, exit_code: code }, 'stopped');
  return process.exit(code);
}

function listenForEnd(scope: ServiceScope): void {
  onEndSignal((signal) => scope.requestExit(EXIT.ok, signal));
  const onError = (error: unknown): void => {
    if (error instanceof ExitRequest) {
      scope.requestExit(error.exitCode, error.message);
    } else {
      process.exit(reportFailure(error, scope.logger));
    }
  };
  process.on('uncaughtException', onError);
  process.on('unhandledRejection', onError);
}
