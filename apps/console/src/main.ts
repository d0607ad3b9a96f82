import { randomBytes } from 'node:crypto';
import { createLogger, isEntry, parseSettings, runMain, runService, UsageError } from '@vigilia/service';
import { addUser, dropUser } from './add-user.ts';
import { ConsoleService } from './console.ts';
import { checkAccess, consoleSpec } from './settings.ts';

/**
 * `vigilia console [run|add-user|remove-user|create-certificate] …`; without a subcommand: `run`, which ends only by a signal.
 * @throws UsageError `invalid_settings`, `unknown_subcommand`
 */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const [word, ...others] = argv;
  if (word === undefined || word.startsWith('-')) return run(argv, env);
  if (word === 'run') return run(others, env);
  if (word === 'add-user') return addUser(others, env, process.stdin);
  if (word === 'remove-user') return dropUser(others, env);
  if (word === 'create-certificate') {
    const { runCreateCertificate } = await import('./tls/create-certificate.ts');
    return runCreateCertificate(others, env);
  }
  const message = `vigilia console: ${word} is not a subcommand; there are run, add-user, remove-user, create-certificate.`;
  throw new UsageError({ code: 'unknown_subcommand', message });
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const settings = parseSettings(consoleSpec, argv, env);
  checkAccess(settings);
  const instanceId = `console-${randomBytes(4).toString('hex')}`;
  const logger = createLogger({ logger: 'console', instanceId, level: settings.logLevel });
  await runService({ name: 'console', logger, build: () => new ConsoleService({ settings, instanceId, logger }) });
}

if (isEntry(import.meta.url)) await runMain(() => main(process.argv.slice(2), process.env));
