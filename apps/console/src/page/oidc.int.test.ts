import { writeFile } from 'node:fs/promises';
import { eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { writeUser } from '../server/auth/account-changes.ts';
import { axeProblems } from '../test-support/axe.ts';
import type { FakeRoom } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';
import { reservePort, startProvider, type TestProvider, testClient } from '../test-support/start-provider.ts';

const password = 'a long password';
const rooms: ReadonlyMap<number, FakeRoom> = new Map([
  [1, { name: 'Room 1', home: 'processor-a', ward: '1' }],
  [2, { name: 'Room 2', home: 'processor-a', ward: '2' }],
]);

requires('chromium')('signing in through a provider, in a browser', () => {
  let folder: TempFolder;
  let shown: ShownHouse;
  let provider: TestProvider;

  beforeAll(async () => {
    folder = await tempFolder('oidc-page');
    const users = folder.file('users.json');
    await writeUser(users, { name: 'alba', display_name: 'Alba Admin', role: 'administrator' }, password);
    await writeFile(folder.file('groups.yaml'), 'groups: [{ group: care-2, role: nurse, wards: ["2"] }]');
    await writeFile(folder.file('secret'), testClient.secret);
    const port = await reservePort();
    const pageUrl = `http://127.0.0.1:${port}/`;
    provider = await startProvider(await reservePort(), pageUrl);
    const nora = { name: 'Nora Vidal', preferred_username: 'nora', groups: ['care-2'] };
    provider.people.set('s-nora', nora).set('s-eve', { ...nora, groups: [] });
    const ofProvider = [
      '--oidc-issuer',
      provider.issuer,
      '--oidc-client-id',
      testClient.id,
      '--oidc-name',
      'Centro Sol',
    ];
    const more = ['--oidc-groups', folder.file('groups.yaml'), '--oidc-scopes', 'openid,profile,groups'];
    const args = ['--users-file', users, '--port', String(port), '--page-url', pageUrl, ...ofProvider, ...more];
    shown = await showHouse(rooms, args, { OIDC_CLIENT_SECRET_FILE: folder.file('secret') });
  });
  afterAll(async () => {
    await shown?.stop();
    await provider?.stop();
    await folder?.remove();
  });

  const atProvider = async (window: Page, login: string): Promise<void> => {
    await window.fill('input[name="login"]', login);
    await window.click('button');
  };

  it('shows a nurse her ward, at the room that she opened, and ends her session at the provider when she signs out', async () => {
    const window = await shown.browser.open(`${shown.url}#/rooms/2`);
    await window.waitForSelector('a:has-text("Sign in with Centro Sol")');
    expect(await axeProblems(window)).toEqual([]);
    await window.click('a:has-text("Sign in with Centro Sol")');
    await atProvider(window, 's-nora');
    await window.waitForSelector('h1:has-text("Room 2")');
    await window.click('a[href="#/rooms"]');
    await window.waitForSelector('.tile[data-room="2"]');
    await eventually(async () => expect(await window.locator('.tile').count()).toBe(1));
    await window.reload();
    await window.waitForSelector('.tile[data-room="2"]');
    await window.click('.menu summary');
    await window.click('.menu-body >> text=Sign out');
    await window.waitForURL(`${provider.issuer}/**`);
  });

  it('shows in Spanish why a person without a group is refused, and lets a local account sign in after it', async () => {
    const window = await shown.browser.open(shown.url, { language: 'es', width: 390, height: 800 });
    await window.click('a:has-text("Iniciar sesión con Centro Sol")');
    await atProvider(window, 's-eve');
    await window.waitForSelector('text=No pertenece a ningún grupo que pueda usar Vigilia.');
    await window.fill('input[name="name"]', 'alba');
    await window.fill('input[name="password"]', password);
    await window.click('button[type="submit"]');
    await window.waitForSelector('.tile[data-room="2"]');
  });

  it('lets an administrator block a person of the provider, whom the provider cannot bring back', async () => {
    const nurse = await shown.browser.open(shown.url);
    await nurse.click('a:has-text("Sign in with Centro Sol")');
    await atProvider(nurse, 's-nora');
    await nurse.waitForSelector('.tile[data-room="2"]');
    const administrator = await shown.browser.open(shown.url);
    await administrator.fill('input[name="name"]', 'alba');
    await administrator.fill('input[name="password"]', password);
    await administrator.click('button[type="submit"]');
    await administrator.click('nav a[href="#/people"]');
    const card = administrator.locator('[data-person="nora"]');
    await card.locator('summary').nth(1).click();
    await eventually(async () => expect(await card.locator('select[name="role"]').count()).toBe(0));
    await card.locator('button:has-text("Block")').click();
    await nurse.waitForSelector('.sign-in');
    await administrator.waitForSelector('[data-person="nora"] >> text=Blocked: this account cannot sign in.');
    expect(await axeProblems(administrator)).toEqual([]);
    await nurse.click('a:has-text("Sign in with Centro Sol")');
    await nurse.waitForSelector('text=Your account is blocked.');
  });

  it('states on the sign-in page that the provider is down, and offers it again when it is back', async () => {
    await provider.stop();
    const window = await shown.browser.open(shown.url);
    await window.waitForSelector('text=Centro Sol does not answer at the moment. Sign in with a local account.');
    await eventually(async () => expect(await window.locator('.other-ways a').count()).toBe(0));
    await provider.start();
    await window.waitForSelector('a:has-text("Sign in with Centro Sol")');
    expect(shown.browser.errors).toEqual([]);
  });
});
