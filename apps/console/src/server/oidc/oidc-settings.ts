import { readFile } from 'node:fs/promises';
import { type SettingsOf, setting, UsageError } from '@vigilia/service';
import { isLoopback } from '../../loopback.ts';
import { type GroupGrant, parseGroupGrants } from './group-grants.ts';

/** Settings of sign-in through OpenID Connect; without an issuer there is none. */
export const oidcTable = {
  oidcIssuer: {
    flag: '--oidc-issuer <url>',
    env: 'OIDC_ISSUER',
    schema: setting.url('https', 'http').optional(),
    describe: 'OpenID Connect provider that people sign in with',
  },
  oidcClientId: {
    flag: '--oidc-client-id <id>',
    env: 'OIDC_CLIENT_ID',
    schema: setting.text().optional(),
    describe: 'What the provider calls this console',
  },
  oidcClientSecret: {
    env: 'OIDC_CLIENT_SECRET',
    schema: setting.text().optional(),
    secret: true,
    describe: 'Secret of this console at the provider; without it the client is public',
  },
  oidcGroupsFile: {
    flag: '--oidc-groups <file>',
    env: 'OIDC_GROUPS_FILE',
    schema: setting.text().optional(),
    describe: 'YAML or JSON: which role and wards each group of the provider gives',
  },
  oidcName: {
    flag: '--oidc-name <name>',
    env: 'OIDC_NAME',
    schema: setting.text().optional(),
    describe: 'Name of the provider on the sign-in page; its host by default',
  },
  oidcGroupsClaim: {
    flag: '--oidc-groups-claim <claim>',
    env: 'OIDC_GROUPS_CLAIM',
    schema: setting.text(),
    default: 'groups',
    describe: 'Claim that lists the groups of a person',
  },
  oidcScopes: {
    flag: '--oidc-scopes <list>',
    env: 'OIDC_SCOPES',
    schema: setting.textList(),
    default: ['openid', 'profile'] as string[],
    describe: 'Scopes to ask for; many providers need one more for the groups',
  },
} as const;

/** The settings in force. */
export interface OidcSettings {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly name: string;
  readonly groupsClaim: string;
  readonly scopes: readonly string[];
  readonly grants: readonly GroupGrant[];
  /** Where the page is for browsers, with a slash at the end. */
  readonly pageUrl: string;
}

export type OidcInput = SettingsOf<typeof oidcTable> & {
  readonly auth: boolean;
  readonly pageUrl: string | undefined;
};

/** Returns the settings of the provider; undefined where there is none. @throws UsageError `invalid_settings`, `oidc_groups_invalid` */
export async function readOidcSettings(input: OidcInput): Promise<OidcSettings | undefined> {
  const { oidcIssuer, oidcClientId, oidcGroupsFile, pageUrl } = input;
  if (oidcIssuer === undefined) {
    if (oidcClientId !== undefined || oidcGroupsFile !== undefined) throw missing(['--oidc-issuer']);
    return undefined;
  }
  if (!input.auth) throw refused('--oidc-issuer and --no-auth exclude each other.', 'Leave one of them out.');
  if (oidcClientId === undefined || oidcGroupsFile === undefined || pageUrl === undefined) {
    const needed = { '--oidc-client-id': oidcClientId, '--oidc-groups': oidcGroupsFile, '--page-url': pageUrl };
    throw missing(Object.entries(needed).flatMap(([flag, value]) => (value === undefined ? [flag] : [])));
  }
  const issuer = new URL(oidcIssuer);
  if (issuer.protocol !== 'https:' && !isLoopback(issuer.hostname)) {
    throw refused(
      '--oidc-issuer must be https, or http on this machine.',
      'Give the address of the provider with https.',
    );
  }
  return {
    issuer,
    clientId: oidcClientId,
    clientSecret: input.oidcClientSecret,
    name: input.oidcName ?? issuer.host,
    groupsClaim: input.oidcGroupsClaim,
    scopes: [...new Set(['openid', ...input.oidcScopes])],
    grants: parseGroupGrants(await textOf(oidcGroupsFile), oidcGroupsFile),
    pageUrl: pageUrl.replace(/\/*$/, '/'),
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const message = `The file of groups ${path} cannot be read (${(cause as NodeJS.ErrnoException).code}).`;
    throw new UsageError({ code: 'oidc_groups_invalid', message, remedy: 'Give its path with --oidc-groups.', cause });
  }
}

function missing(flags: readonly string[]): UsageError {
  return refused(`sign-in through OIDC also needs ${flags.join(', ')}.`, 'See docs/console.md (Sign-in through OIDC).');
}

function refused(problem: string, remedy: string): UsageError {
  return new UsageError({ code: 'invalid_settings', message: `vigilia console: ${problem}`, remedy });
}
