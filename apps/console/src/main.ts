import { serve } from '@vigilia/service';
import { addUser, dropUser } from './add-user.ts';
import { startConsole } from './console.ts';
import { consoleSpec } from './settings.ts';

/**
 * `vigilia console [run|add-user|remove-user|create-certificate] …`; without a subcommand: `run`, which ends only by a signal.
 * @throws UsageError `invalid_settings`, `unknown_subcommand`
 */
export const main = serve({
  entry: import.meta.url,
  name: 'console',
  settings: consoleSpec,
  start: startConsole,
  commands: {
    'add-user': (argv, env) => addUser(argv, env, process.stdin),
    'remove-user': dropUser,
    'create-certificate': async (argv, env) => {
      const { runCreateCertificate } = await import('./tls/create-certificate.ts');
      return runCreateCertificate(argv, env);
    },
  },
});
