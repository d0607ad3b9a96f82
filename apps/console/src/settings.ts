import { dirname, join } from 'node:path';
import { shiftsTable } from '@vigilia/reports/files';
import {
  brokerTable,
  defineSettings,
  healthTable,
  logTable,
  type SettingsOf,
  setting,
  UsageError,
} from '@vigilia/service';
import { isLoopback } from './loopback.ts';
import { oidcTable } from './server/oidc/oidc-settings.ts';

export const consoleSpec = defineSettings(
  'vigilia console',
  'A web page for nurses and technicians: rooms, incidents, processors, zones.',
  {
    host: {
      flag: '--host <address>',
      env: 'CONSOLE_HOST',
      schema: setting.text(),
      default: '127.0.0.1',
      describe: 'Address to listen on',
    },
    port: {
      flag: '--port <port>',
      env: 'CONSOLE_PORT',
      schema: setting.port(),
      default: 8080,
      describe: 'Port to listen on; 0 for a free one',
    },
    auth: {
      flag: '--no-auth',
      schema: setting.boolean(),
      default: true,
      describe: 'Without sign-in: every user of the page may do everything; only on a loopback address',
    },
    usersFile: {
      flag: '--users-file <file>',
      env: 'CONSOLE_USERS_FILE',
      schema: setting.text().optional(),
      describe: 'Who may sign in; written by "vigilia console add-user"',
    },
    sessionHours: {
      flag: '--session-hours <hours>',
      env: 'CONSOLE_SESSION_HOURS',
      schema: setting.number({ min: 0.01, max: 168 }),
      default: 12,
      describe: 'How long a sign-in lasts',
    },
    sessionsFile: {
      flag: '--sessions-file <file>',
      env: 'CONSOLE_SESSIONS_FILE',
      schema: setting.text().optional(),
      describe: 'Where sign-ins outlast a restart; sessions.json beside the users file by default',
    },
    basePath: {
      flag: '--base-path <path>',
      env: 'CONSOLE_BASE_PATH',
      schema: setting.text().regex(/^\/([A-Za-z0-9._~-]+\/)*[A-Za-z0-9._~-]*$/, 'must be a path such as /vigilia'),
      default: '/',
      describe: 'Where the page is, when a reverse proxy passes the path on',
    },
    trustProxy: {
      flag: '--trust-proxy <addresses>',
      env: 'CONSOLE_TRUST_PROXY',
      schema: setting.textList(),
      default: [] as string[],
      describe: 'Reverse proxies whose X-Forwarded headers are believed: addresses or networks, or loopback',
    },
    tlsDir: {
      flag: '--tls-dir <folder>',
      env: 'CONSOLE_TLS_DIR',
      schema: setting.text().optional(),
      describe: 'Serve https with server.pem and server.key of this folder; see "vigilia console create-certificate"',
    },
    reportsDir: {
      flag: '--reports-dir <folder>',
      env: 'REPORTS_DIR',
      schema: setting.text().optional(),
      describe: 'Folder in which the event sink keeps what reports are made of; without it the page has no reports',
    },
    go2rtcUrl: {
      flag: '--go2rtc-url <url>',
      env: 'GO2RTC_URL',
      schema: setting.url('http', 'https').optional(),
      describe: 'API of go2rtc, where technicians add and replace cameras; without it addresses contain no password',
    },
    streamServer: {
      flag: '--stream-server <url>',
      env: 'STREAM_SERVER',
      // a demo shares one file of settings, and its processors read clips, which have no go2rtc
      schema: setting
        .url('rtsp', 'rtsps', 'http', 'https', 'file')
        .transform((url) => (url.startsWith('file:') ? undefined : url))
        .optional(),
      describe: 'Where processors read the streams of go2rtc, to use those with another name than the number of a room',
    },
    pageUrl: {
      flag: '--page-url <url>',
      env: 'CONSOLE_PAGE_URL',
      schema: setting.url('http', 'https').optional(),
      describe: 'Address of the page as browsers open it; for sign-in through OIDC and with passkeys',
    },
    ...oidcTable,
    ...shiftsTable,
    ...brokerTable,
    ...healthTable,
    ...logTable,
    pageDir: {
      flag: '--page-dir <folder>',
      env: 'CONSOLE_PAGE_DIR',
      schema: setting.text().optional(),
      describe: 'The built page; the one that was built with the console by default',
    },
  },
);

export type ConsoleSettings = SettingsOf<typeof consoleSpec.table>;

/** Returns the file of the sign-ins: one of its own for each console. */
export function sessionsFile({ sessionsFile: given, usersFile = '' }: ConsoleSettings): string {
  return given ?? defaultSessionsFile(usersFile);
}

/** Returns where sign-ins are kept unless it is given. */
export function defaultSessionsFile(usersFile: string): string {
  return join(dirname(usersFile), 'sessions.json');
}

/** @throws UsageError `invalid_settings`: an open door must be asked for, and never be open to a network. */
export function checkAccess(settings: Pick<ConsoleSettings, 'auth' | 'host' | 'usersFile' | 'trustProxy'>): void {
  if (settings.auth && settings.usersFile === undefined) {
    throw new UsageError({
      code: 'invalid_settings',
      message: 'vigilia console: --users-file or CONSOLE_USERS_FILE must be given.',
      remedy: 'Make one with "vigilia console add-user", or try the page on this machine alone with --no-auth.',
    });
  }
  if (!settings.auth && (!isLoopback(settings.host) || settings.trustProxy.length > 0)) {
    throw new UsageError({
      code: 'invalid_settings',
      message: 'vigilia console: --no-auth is allowed only on 127.0.0.1, ::1 or localhost, without --trust-proxy.',
      remedy: 'Leave --host out, or let people sign in with --users-file.',
    });
  }
}
