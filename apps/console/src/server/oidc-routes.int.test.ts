import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { captureLogger, eventually, startBroker, type TempFolder, tempFolder } from '@vigilia/testing';
import { importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import type { PeopleList } from '../shared/people-view.ts';
import type { SessionView, SignInWays } from '../shared/session-view.ts';
import { codeOf, consoleClient, type Signed } from '../test-support/ask-console.ts';
import { readLive } from '../test-support/read-live.ts';
import { type RunningConsole, startConsole } from '../test-support/start-console.ts';
import {
  providerKey,
  reservePort,
  startProvider,
  type TestProvider,
  testClient,
} from '../test-support/start-provider.ts';
import { Visitor } from '../test-support/visitor.ts';
import { changeUser, writeUser } from './auth/account-changes.ts';
import { readUsers } from './auth/users-file.ts';

const password = 'a long password';
const groups = `groups:
  - { group: care-1, role: nurse, wards: [Ward 1] }
  - { group: care-2, role: nurse, wards: [Ward 2] }
  - { group: it, role: technician }
`;

describe('signing in through a real OpenID Connect provider', () => {
  let folder: TempFolder;
  let broker: Awaited<ReturnType<typeof startBroker>>;
  let running: RunningConsole;
  let provider: TestProvider;
  let file: string;
  let administrator: Signed;
  let begin: () => Promise<RunningConsole>;
  const { logger, lines } = captureLogger();
  const client = consoleClient(() => running.url);

  beforeAll(async () => {
    [broker, folder] = await Promise.all([startBroker(), tempFolder('oidc')]);
    file = folder.file('users.json');
    await writeUser(file, { name: 'alba', display_name: 'Alba', role: 'administrator' }, password);
    await writeFile(folder.file('groups.yaml'), groups);
    await writeFile(folder.file('secret'), `${testClient.secret}\n`);
    const [port, providerPort] = [await reservePort(), await reservePort()];
    const pageUrl = `http://127.0.0.1:${port}/`;
    provider = await startProvider(providerPort, pageUrl);
    const args = ['--users-file', file, '--mqtt-url', broker.url, '--port', String(port), '--page-url', pageUrl];
    const ofProvider = ['--oidc-issuer', provider.issuer, '--oidc-client-id', testClient.id];
    const more = ['--oidc-groups', folder.file('groups.yaml'), '--oidc-scopes', 'openid,profile,groups'];
    const env = { OIDC_CLIENT_SECRET_FILE: folder.file('secret') };
    begin = () => startConsole([...args, ...ofProvider, ...more], folder.path, logger, env);
    running = await begin();
    administrator = await client.signIn('alba', password);
  });
  afterAll(async () => {
    await running?.stop();
    await provider?.stop();
    await broker?.stop();
    await folder?.remove();
  });
  beforeEach(() => {
    provider.people.set('s-nora', { name: 'Nora Vidal', preferred_username: 'nora@home.example', groups: ['care-1'] });
    lines.length = 0;
  });

  const isCallback = (url: string): boolean => url.startsWith(`${running.url}api/oidc/callback`);
  const isForm = (url: string): boolean => url.includes('/interaction/');
  /** Goes to the provider and signs in there. Returns the address that leads back to the console, not yet visited. */
  const answerFor = async (
    visitor: Visitor,
    login: string,
    change: (asked: URL) => void = () => undefined,
    start = 'api/oidc/start',
  ): Promise<string> => {
    const asked = new URL((await visitor.visit(`${running.url}${start}`)).location);
    change(asked);
    const form = await visitor.follow(asked.href, (url) => isForm(url) || isCallback(url));
    if (isCallback(form)) return form;
    return visitor.follow((await visitor.visit(form, { login })).location, isCallback);
  };
  const signIn = async (login: string, visitor = new Visitor()): Promise<{ visitor: Visitor; end: string }> => {
    const { location } = await visitor.visit(await answerFor(visitor, login));
    return { visitor, end: location.replace(running.url, '') };
  };
  const sessionOf = async ({ cookie }: Visitor): Promise<SessionView> =>
    (await fetch(`${running.url}api/session`, { headers: { cookie } })).json() as never;
  const ways = async (): Promise<SignInWays> => (await fetch(`${running.url}api/sign-in/ways`)).json() as never;

  it('gives the role and the wards of the groups, with the right session of a local account', async () => {
    const { visitor, end } = await signIn('s-nora');
    expect(end).toBe('#/rooms');
    expect(await sessionOf(visitor)).toMatchObject({
      signedIn: true,
      role: 'nurse',
      name: 'Nora Vidal',
      wards: ['Ward 1'],
    });
    const answer = await fetch(`${running.url}api/people`, { headers: { cookie: administrator.cookie } });
    const { people } = (await answer.json()) as PeopleList;
    const nora = people.find(({ name }) => name === 'nora');
    expect(nora).toMatchObject({ provider: new URL(provider.issuer).host, role: 'nurse', blocked: false });
    expect(nora?.sessions).toHaveLength(1);
    expect(lines.find(({ event }) => event === 'signed_in')).toMatchObject({ user: 'nora', role: 'nurse' });
    expect(JSON.stringify(lines)).not.toContain(testClient.secret);
  });

  it('follows the groups at each sign-in; another role ends earlier sign-ins, also open pages', async () => {
    const before = await signIn('s-nora');
    const page = await readLive(running.url, before.visitor.cookie);
    provider.people.set('s-nora', { name: 'Nora V.', preferred_username: 'other', groups: ['it', 'care-2'] });
    const after = await signIn('s-nora');
    const session = await sessionOf(after.visitor);
    expect(session).toMatchObject({ role: 'technician', name: 'Nora V.' });
    expect(session).not.toHaveProperty('wards');
    expect(await sessionOf(before.visitor)).toMatchObject({ signedIn: false });
    await eventually(() => expect(page.ended()).toBe(true));
  });

  it('refuses a person without a mapped group, and makes no account', async () => {
    provider.people.set('s-eve', { name: 'Eve', preferred_username: 'eve', groups: ['visitors'] });
    const { visitor, end } = await signIn('s-eve');
    expect(end).toBe('#/sign-in/oidc_no_group');
    expect(await sessionOf(visitor)).toMatchObject({ signedIn: false });
    expect((await readUsers(file)).map(({ name }) => name)).not.toContain('eve');
  });

  it('never takes over a local account of the same name', async () => {
    provider.people.set('s-alba', { name: 'Another Alba', preferred_username: 'Alba', groups: ['care-2'] });
    const { visitor } = await signIn('s-alba');
    expect(await sessionOf(visitor)).toMatchObject({ role: 'nurse', name: 'Another Alba' });
    const users = await readUsers(file);
    expect(users.find(({ name }) => name === 'alba')).toMatchObject({ role: 'administrator', display_name: 'Alba' });
    expect(users.find(({ name }) => name === 'alba-2')).toMatchObject({ oidc: { subject: 's-alba' } });
  });

  it('keeps a blocked person out, who is signed out at once and comes back only when unblocked', async () => {
    const { visitor } = await signIn('s-nora');
    expect((await client.post('people/nora', { blocked: true }, administrator)).status).toBe(200);
    expect(await sessionOf(visitor)).toMatchObject({ signedIn: false });
    expect((await signIn('s-nora')).end).toBe('#/sign-in/oidc_blocked');
    await client.post('people/nora', { blocked: false }, administrator);
    expect(await sessionOf(visitor)).toMatchObject({ signedIn: false });
    expect((await signIn('s-nora')).end).toBe('#/rooms');
  });

  it.each([
    ['a change of the role, which the groups decide', 'people/nora', { role: 'viewer' }, 'groups_decide'],
    ['its removal, after which it would come back', 'people/nora/remove', {}, 'provider_account'],
    ['a password, which would outlast the groups', 'people/nora/password', { password }, 'no_password'],
  ])('refuses for an account of the provider %s', async (_, path, body, code) => {
    await signIn('s-nora');
    expect(await codeOf(await client.post(path, body, administrator))).toBe(code);
  });

  const forged: readonly (readonly [string, string, (asked: URL) => void])[] = [
    [
      'an ID token with another nonce',
      'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
      (asked) => asked.searchParams.set('nonce', 'another-nonce'),
    ],
    [
      'a state that this browser did not send',
      'OAUTH_INVALID_RESPONSE',
      (asked) => asked.searchParams.set('state', 'another-state'),
    ],
    [
      'a code that was issued for another PKCE challenge',
      'invalid_grant',
      (asked) => asked.searchParams.set('code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'),
    ],
  ];
  it.each(forged)('refuses %s (%s)', async (_, reason, change) => {
    const visitor = new Visitor();
    const { location } = await visitor.visit(await answerFor(visitor, 's-nora', change));
    expect(location).toBe(`${running.url}#/sign-in/oidc_failed`);
    expect(lines.find(({ event }) => event === 'oidc_failed')?.reason).toBe(reason);
    expect(await sessionOf(visitor)).toMatchObject({ signedIn: false });
  });

  it('refuses an answer that was used already, in the same browser and with a new sign-in', async () => {
    const visitor = new Visitor();
    const answer = await answerFor(visitor, 's-nora');
    const twin = visitor.copy();
    await visitor.visit(answer);
    expect((await twin.visit(answer)).location).toBe(`${running.url}#/sign-in/oidc_expired`);
    const thief = new Visitor();
    const own = new URL(await answerFor(thief, 's-nora'));
    own.searchParams.set('code', new URL(answer).searchParams.get('code') ?? '');
    expect((await thief.visit(own.href)).location).toBe(`${running.url}#/sign-in/oidc_failed`);
    expect(await sessionOf(thief)).toMatchObject({ signedIn: false });
  });

  it('refuses the answer of one browser in another', async () => {
    const answer = await answerFor(new Visitor(), 's-nora');
    const other = new Visitor();
    expect((await other.visit(answer)).location).toBe(`${running.url}#/sign-in/oidc_expired`);
  });

  it.each(['//evil.example', 'https://evil.example', 'rooms/../../evil', '@evil.example'])(
    'leads nowhere but to its page, also from a link with view=%s',
    async (view) => {
      const visitor = new Visitor();
      const start = `api/oidc/start?view=${encodeURIComponent(view)}&redirect_uri=https://evil.example/`;
      const answer = await answerFor(visitor, 's-nora', () => undefined, start);
      expect((await visitor.visit(answer)).location).toBe(`${running.url}#/rooms`);
    },
  );

  it('goes on at the room that the person wanted to see', async () => {
    const visitor = new Visitor();
    const answer = await answerFor(visitor, 's-nora', () => undefined, 'api/oidc/start?view=rooms/3');
    expect((await visitor.visit(answer)).location).toBe(`${running.url}#/rooms/3`);
  });

  it('leads to the sign-out of the provider, so that the next person at this device is asked who they are', async () => {
    const { visitor } = await signIn('s-nora');
    const session = await sessionOf(visitor);
    if (!session.signedIn) throw new Error('not signed in');
    const signed = { cookie: visitor.cookie, csrfToken: session.csrfToken };
    const out = (await (await client.post('sign-out', {}, signed)).json()) as { signOutUrl: string };
    const url = new URL(out.signOutUrl);
    expect(url.origin).toBe(provider.issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(running.url);
    expect(await sessionOf(visitor)).toMatchObject({ signedIn: false });
  });

  it('reports a sign-in that was cancelled at the provider as cancelled', async () => {
    expect((await signIn('')).end).toBe('#/sign-in/oidc_denied');
  });

  it('works for local accounts while the provider is down, logs that use, and for all when it is back', async () => {
    await provider.stop();
    await running.stop();
    running = await begin();
    await eventually(() => expect(lines.map(({ event }) => event)).toContain('oidc_unavailable'));
    expect(await ways()).toMatchObject({ provider: { available: false } });
    const { location } = await new Visitor().visit(`${running.url}api/oidc/start`);
    expect(location).toBe(`${running.url}#/sign-in/oidc_unavailable`);
    administrator = await client.signIn('alba', password);
    expect(administrator.csrfToken).toBeTruthy();
    await eventually(() => expect(lines.find(({ event }) => event === 'emergency_sign_in')?.user).toBe('alba'));
    await provider.start();
    await eventually(async () => expect(await ways()).toMatchObject({ provider: { available: true } }), {
      intervalMs: 500,
    });
    expect((await signIn('s-nora')).end).toBe('#/rooms');
  });

  it('reports that the provider is down when it stops while a person is signing in there', async () => {
    const visitor = new Visitor();
    const answer = await answerFor(visitor, 's-nora');
    await provider.stop();
    expect((await visitor.visit(answer)).location).toBe(`${running.url}#/sign-in/oidc_unavailable`);
    await provider.start();
  });

  it('ends sign-ins of an account that the command line blocks', async () => {
    const { visitor } = await signIn('s-nora');
    await changeUser(file, 'nora', { blocked: true });
    await eventually(async () => expect(await sessionOf(visitor)).toMatchObject({ signedIn: false }));
    await changeUser(file, 'nora', { blocked: false });
  });

  describe('when the provider signs people out', () => {
    const signOutAtProvider = async (visitor: Visitor): Promise<void> => {
      const { body } = await visitor.visit(`${provider.issuer}/session/end`);
      const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(body) ?? [];
      await visitor.visit(`${provider.issuer}/session/end/confirm`, { xsrf, logout: 'yes' });
    };
    type Claims = Record<string, unknown>;
    const claims = (change: Claims = {}): Claims => {
      const iat = Math.floor(Date.now() / 1000);
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
      const of = { iss: provider.issuer, aud: testClient.id, iat, exp: iat + 120, jti: randomUUID(), sub: 's-nora' };
      return { ...of, events, ...change };
    };
    const signed = async (payload: Claims, key: JWK = providerKey as JWK): Promise<string> =>
      new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(await importJWK(key, 'RS256'));
    const send = (token: string): Promise<Response> =>
      fetch(`${running.url}api/oidc/logout`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });

    it('ends the sign-ins of that session at the provider at once, also open pages, and no other', async () => {
      const [first, other] = [await signIn('s-nora'), await signIn('s-nora')];
      const page = await readLive(running.url, first.visitor.cookie);
      await signOutAtProvider(first.visitor);
      await eventually(async () => expect(await sessionOf(first.visitor)).toMatchObject({ signedIn: false }));
      await eventually(() => expect(page.ended()).toBe(true));
      expect(await sessionOf(other.visitor)).toMatchObject({ signedIn: true });
      expect(lines.find(({ event }) => event === 'signed_out_by_provider')).toMatchObject({ sessions: 1 });
    });

    it('ends all sign-ins of a person whom a token names without a session, also after a restart of the console', async () => {
      provider.people.set('s-otto', { name: 'Otto', preferred_username: 'otto', groups: ['care-1'] });
      const [first, second] = [await signIn('s-nora'), await signIn('s-nora')];
      const otto = await signIn('s-otto');
      await running.stop();
      running = await begin();
      administrator = await client.signIn('alba', password);
      const response = await send(await signed(claims()));
      expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(await sessionOf(first.visitor)).toMatchObject({ signedIn: false });
      expect(await sessionOf(second.visitor)).toMatchObject({ signedIn: false });
      expect(await sessionOf(otto.visitor)).toMatchObject({ signedIn: true });
    });

    it('counts a token once, and takes one for a person who is not known here', async () => {
      const token = await signed(claims());
      expect((await send(token)).status).toBe(200);
      const { visitor } = await signIn('s-nora');
      expect((await send(token)).status).toBe(400);
      expect((await send(await signed(claims({ sub: 's-unknown' })))).status).toBe(200);
      expect((await send(await signed(claims({ sub: 's-unknown', sid: 'unknown' })))).status).toBe(200);
      expect(await sessionOf(visitor)).toMatchObject({ signedIn: true });
    });

    const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }) as JWK;
    const past = Math.floor(Date.now() / 1000) - 3600;
    const forged: readonly (readonly [string, () => string | Promise<string>])[] = [
      ['is signed by another', () => signed(claims(), otherKey)],
      ['is not signed', () => new UnsecuredJWT(claims()).encode()],
      [
        'is signed with the secret of the client',
        () => new SignJWT(claims()).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(testClient.secret)),
      ],
      ['is for another client', () => signed(claims({ aud: 'another' }))],
      ['is of another provider', () => signed(claims({ iss: 'https://evil.example' }))],
      ['has expired', () => signed(claims({ iat: past, exp: past + 120 }))],
      ['is old, though it has not expired', () => signed(claims({ iat: past, exp: past + 7200 }))],
      ['has a nonce, as an ID token does', () => signed(claims({ nonce: 'n' }))],
      ['is not about a logout', () => signed(claims({ events: {} }))],
      ['names neither a person nor a session', () => signed(claims({ sub: undefined }))],
      ['has no id', () => signed(claims({ jti: undefined }))],
      ['is not a token', () => 'x.y.z'],
    ];
    it.each(forged)('ends nothing for a token that %s', async (_, make) => {
      const { visitor } = await signIn('s-nora');
      const response = await send(await make());
      expect(response.status).toBe(400);
      expect(await sessionOf(visitor)).toMatchObject({ signedIn: true });
      expect(lines.some(({ event }) => event === 'provider_logout_refused')).toBe(true);
    });

    it('answers that a token cannot be checked while the provider is down', async () => {
      const token = await signed(claims());
      await running.stop();
      await provider.stop();
      running = await begin();
      expect((await send(token)).status).toBe(503);
      await provider.start();
    });
  });
});
