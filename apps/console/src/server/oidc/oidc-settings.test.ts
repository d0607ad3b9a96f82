import { writeFile } from 'node:fs/promises';
import { parseSettings } from '@vigilia/service';
import { tempFolder } from '@vigilia/testing';
import { consoleSpec } from '../../settings.ts';
import { readOidcSettings } from './oidc-settings.ts';

const read = (...argv: string[]) => readOidcSettings(parseSettings(consoleSpec, argv, {}));
const issuer = ['--oidc-issuer', 'https://login.example/'];
const client = ['--oidc-client-id', 'vigilia', '--page-url', 'https://console.example/vigilia'];

describe('settings of sign-in through OIDC', () => {
  it('are none without an issuer, and complete with one', async () => {
    await using folder = await tempFolder('oidc-settings');
    const file = folder.file('groups.yaml');
    await writeFile(file, 'groups: [{ group: care, role: nurse }]');
    expect(await read()).toBeUndefined();
    expect(await read(...issuer, ...client, '--oidc-groups', file, '--oidc-scopes', 'groups')).toMatchObject({
      name: 'login.example',
      scopes: ['openid', 'groups'],
      pageUrl: 'https://console.example/vigilia/',
      grants: [{ group: 'care', role: 'nurse' }],
    });
  });

  it.each([
    ['without what else is needed', issuer, /also needs --oidc-client-id, --oidc-groups, --page-url/],
    ['without the issuer', ['--oidc-client-id', 'vigilia'], /also needs --oidc-issuer/],
    ['where no sign-in is needed', ['--no-auth', ...issuer], /exclude each other/],
    [
      'with a provider over plain HTTP on another machine',
      ['--oidc-issuer', 'http://login.example/', ...client, '--oidc-groups', 'g'],
      /must be https/,
    ],
    [
      'with a file of groups that is missing',
      [...issuer, ...client, '--oidc-groups', 'none.yaml'],
      /none\.yaml cannot be read \(ENOENT\)/,
    ],
  ])('are refused %s', async (_, argv, message) => {
    await expect(read(...argv)).rejects.toThrow(message);
  });
});
