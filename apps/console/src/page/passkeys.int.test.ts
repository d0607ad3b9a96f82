import { eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import type { CDPSession, Page, Request } from 'playwright-core';
import { dropPasskeys } from '../manage-users.ts';
import { changeUser, writeUser } from '../server/auth/account-changes.ts';
import { readUsers, updateUsers } from '../server/auth/users-file.ts';
import { codeOf, consoleClient } from '../test-support/ask-console.ts';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';
import { reservePort } from '../test-support/start-provider.ts';

const password = 'a long password';

requires('chromium')('passkeys, in a browser with a virtual authenticator', () => {
  let folder: TempFolder;
  let shown: ShownHouse;
  let file: string;
  let pageUrl: string;
  let window: Page;
  let device: CDPSession;
  let authenticatorId: string;
  const client = consoleClient(() => shown.url);

  beforeAll(async () => {
    folder = await tempFolder('passkeys');
    file = folder.file('users.json');
    const port = await reservePort();
    pageUrl = `http://localhost:${port}/`;
    await writeUser(file, { name: 'alba', display_name: 'Alba', role: 'administrator' }, password);
    const args = ['--users-file', file, '--port', String(port), '--page-url', pageUrl];
    shown = await showHouse(fakeRooms(4), args);
  });
  afterAll(async () => {
    await shown?.stop();
    await folder?.remove();
  });
  beforeEach(async () => {
    await writeUser(file, { name: 'nora', display_name: 'Nora', role: 'nurse' }, password);
    window = await shown.browser.open(pageUrl);
    device = await window.context().newCDPSession(window);
    await device.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const;
    const added = { ...options, isUserVerified: true, automaticPresenceSimulation: true };
    ({ authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', { options: added }));
  });
  afterEach(() => window.context().close());

  const signIn = async (): Promise<void> => {
    await window.fill('input[name="name"]', 'nora');
    await window.fill('input[name="password"]', password);
    await window.click('button[type="submit"]');
    await window.waitForSelector('.tile');
  };
  const addPasskey = async (name: string, current = password): Promise<void> => {
    await window.goto(`${pageUrl}#/account`);
    const form = window.locator('.add-passkey');
    await form.locator('[name="name"]').fill(name);
    await form.locator('[name="current"]').fill(current);
    await form.locator('button').click();
  };
  const signOut = async (): Promise<void> => {
    await window.click('.menu summary');
    await window.click('.menu-body >> text=Sign out');
    await window.waitForSelector('.sign-in');
  };
  const withPasskey = (): Promise<void> => window.click('button:has-text("Sign in with a passkey")');
  /** Signs in, adds a passkey, and signs out. */
  const prepare = async (): Promise<void> => {
    await signIn();
    await addPasskey('Phone of Nora');
    await window.waitForSelector('.passkeys li');
    await signOut();
  };
  const passkeysOf = async () => (await readUsers(file)).find(({ name }) => name === 'nora')?.passkeys ?? [];

  it('are added with the password, named, used to sign in without a name, show their last use, and are removed', async () => {
    await signIn();
    await addPasskey('Phone of Nora', 'a guess of mine');
    await window.waitForSelector('text=The present password is not right.');
    await addPasskey('Phone of Nora');
    await window.waitForSelector('.passkeys li >> text=last used never');
    expect(await axeProblems(window)).toEqual([]);
    await signOut();
    expect(await axeProblems(window)).toEqual([]);
    await withPasskey();
    await window.waitForSelector('.shell');
    await window.goto(`${pageUrl}#/account`);
    await window.waitForSelector('.passkeys li >> text=Phone of Nora');
    await eventually(async () => expect(await window.textContent('.passkeys')).not.toContain('never'));
    await window.click('.passkeys button:has-text("Remove")');
    await window.waitForSelector('text=No passkeys.');
    await signOut();
    await withPasskey();
    await window.waitForSelector('text=This passkey is not valid here.');
    expect(shown.browser.errors).toEqual([]);
  });

  it('load their part of the page only when they are used', async () => {
    const scripts: string[] = [];
    window.on('request', (request) => scripts.push(request.url()));
    await window.reload();
    await window.waitForSelector('button:has-text("Sign in with a passkey")');
    expect(scripts.filter((url) => /passkey-sign-in/.test(url))).toEqual([]);
    await withPasskey();
    await eventually(() => expect(scripts.filter((url) => /passkey-sign-in/.test(url))).toHaveLength(1));
  });

  it('need the person: a device that does not verify its user signs in with none', async () => {
    await prepare();
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    await withPasskey();
    await window.waitForSelector('text=No passkey was used.');
  });

  it('are refused when an answer is sent again', async () => {
    await prepare();
    const sent = window.waitForRequest((request: Request) => request.url().endsWith('api/sign-in/passkey'));
    await withPasskey();
    const answer = (await sent).postDataJSON() as unknown;
    await window.waitForSelector('.shell');
    expect(await codeOf(await client.post('sign-in/passkey', answer))).toBe('wrong_passkey');
  });

  it('are refused as copies when their counter is behind', async () => {
    await prepare();
    const ahead = (counter: number) =>
      updateUsers(file, (users) =>
        users.map((user) => ({ ...user, passkeys: user.passkeys?.map((one) => ({ ...one, counter })) })),
      );
    await ahead(1000);
    await withPasskey();
    await window.waitForSelector('text=This passkey is not valid here.');
    await ahead(1);
    await withPasskey();
    await window.waitForSelector('.shell');
    expect((await passkeysOf())[0]?.counter).toBeGreaterThan(1);
  });

  it('are refused for an account that was blocked, and for one that lost them on the command line', async () => {
    await prepare();
    await changeUser(file, 'nora', { blocked: true });
    await withPasskey();
    await window.waitForSelector('text=This passkey is not valid here.');
    await changeUser(file, 'nora', { blocked: false });
    await withPasskey();
    await window.waitForSelector('.shell');
    await dropPasskeys(['--users-file', file, '--name', 'nora'], {});
    await window.waitForSelector('.sign-in');
    await withPasskey();
    await window.waitForSelector('text=This passkey is not valid here.');
  });

  it('are removed by an administrator, who ends the sign-ins of the lost device with them', async () => {
    await prepare();
    await withPasskey();
    await window.waitForSelector('.shell');
    const administrator = await client.signIn('alba', password);
    expect((await client.post('people/nora/passkeys/remove', {}, administrator)).status).toBe(200);
    await window.waitForSelector('.sign-in');
    expect(await passkeysOf()).toEqual([]);
  });
});
