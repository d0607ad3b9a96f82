import { serve } from '@vigilia/service';
import { addUser, dropUser } from './add-user.ts';
import { startConsole } from './console.ts';
import {
  dropPasskeys,
  endSessions,
  listPasskeys,
  listSessions,
  listUsers,
  setPasswordOf,
  setUser,
} from './manage-users.ts';
import { consoleSpec } from './settings.ts';

/**
 * `vigilia console [run|list-users|add-user|set-user|set-password|remove-user|list-passkeys|remove-passkeys|list-sessions|end-sessions|create-certificate] …`; without a subcommand: `run`, which ends only by a signal.
 * @throws UsageError `invalid_settings`, `unknown_subcommand`
 */
export const main = serve({
  entry: import.meta.url,
  name: 'console',
  settings: consoleSpec,
  start: startConsole,
  commands: {
    'add-user': (argv, env) => addUser(argv, env, process.stdin),
    'list-users': listUsers,
    'set-user': setUser,
    'set-password': (argv, env) => setPasswordOf(argv, env, process.stdin),
    'remove-user': dropUser,
    'list-passkeys': listPasskeys,
    'remove-passkeys': dropPasskeys,
    'list-sessions': listSessions,
    'end-sessions': endSessions,
    'create-certificate': async (argv, env) => {
      const { runCreateCertificate } = await import('./tls/create-certificate.ts');
      return runCreateCertificate(argv, env);
    },
  },
});
