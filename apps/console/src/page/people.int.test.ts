import { eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { writeUser } from '../server/auth/account-changes.ts';
import { axeProblems } from '../test-support/axe.ts';
import type { FakeRoom } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

const password = 'a long password';
const rooms: ReadonlyMap<number, FakeRoom> = new Map([
  [1, { name: 'Room 1', home: 'processor-a', ward: '1' }],
  [2, { name: 'Room 2', home: 'processor-a', ward: '2' }],
]);

requires('chromium')('people and wards, in a browser', () => {
  let folder: TempFolder;
  let shown: ShownHouse;

  beforeAll(async () => {
    folder = await tempFolder('people');
    const users = folder.file('users.json');
    await writeUser(users, { name: 'alba', display_name: 'Alba Admin', role: 'administrator' }, password);
    await writeUser(users, { name: 'nora', display_name: 'Nora Two', role: 'nurse', wards: ['2'] }, password);
    shown = await showHouse(rooms, ['--users-file', users]);
  });
  afterAll(async () => {
    await shown?.stop();
    await folder?.remove();
  });

  const signIn = async (name: string, language: 'en' | 'es' = 'en', secret = password): Promise<Page> => {
    const window = await shown.browser.open(shown.url, { language });
    await window.fill('input[name="name"]', name);
    await window.fill('input[name="password"]', secret);
    await window.click('button[type="submit"]');
    await window.waitForSelector('.tile[data-room="2"]');
    return window;
  };

  it('shows and sounds nothing of ward 1 to a nurse of ward 2, whose own alarms arrive', async () => {
    const nurse = await signIn('nora');
    const administrator = await signIn('alba');
    await shown.house.incident({ incident_id: 'inc-1', source_id: 1 });
    await administrator.waitForSelector('.tile[data-room="1"][data-condition="fall"]');
    await shown.house.incident({ incident_id: 'inc-2', source_id: 2 });
    await nurse.waitForSelector('.alarm >> text=Room 2');
    await nurse.waitForSelector('.tile[data-room="2"][data-condition="fall"]');
    await eventually(async () => expect(await nurse.locator('.tile').count()).toBe(1));
    await eventually(async () => expect(await nurse.title()).toMatch(/^\(1\)/));
    await eventually(async () => expect(await nurse.content()).not.toContain('Room 1'));
    for (const place of ['rooms/1', 'incidents', 'processors']) {
      await nurse.goto(`${shown.url}#/${place}`);
      await nurse.waitForSelector('main');
      await eventually(async () => expect(await nurse.content()).not.toContain('Room 1'));
    }
    await shown.house.incident({ incident_id: 'inc-2', source_id: 2, state: 'closed' });
    await shown.house.incident({ incident_id: 'inc-1', source_id: 1, state: 'closed' });
  });

  it('lets an administrator add a nurse in Spanish, who signs in, and whose page ends at once with her account', async () => {
    const administrator = await signIn('alba', 'es');
    await administrator.click('nav a[href="#/people"]');
    await administrator.click('summary:has-text("Añadir una persona")');
    const form = administrator.locator('.add-person form');
    await form.locator('[name="name"]').fill('eva');
    await form.locator('[name="displayName"]').fill('Eva Ruiz');
    await form.locator('[name="role"]').selectOption('nurse');
    await form.locator('[name="wards"]').fill('2');
    await form.locator('[name="password"]').fill('una contraseña larga');
    await form.locator('button[type="submit"]').click();
    const card = administrator.locator('[data-person="eva"]');
    await card.waitFor();
    expect(await axeProblems(administrator)).toEqual([]);
    await screenshot(administrator, 'desktop-people');
    const nurse = await signIn('eva', 'en', 'una contraseña larga');
    await card.locator('summary').nth(1).click();
    await card.locator('button:has-text("Eliminar")').click();
    await card.locator('button:has-text("Confirmar")').click();
    await nurse.waitForSelector('.sign-in');
    await nurse.waitForSelector('text=Your sign-in has ended.');
    await eventually(async () => expect(await nurse.locator('.tile').count()).toBe(0));
    await eventually(async () => expect(await card.count()).toBe(0));
  });

  it('lets a person change the own password and keeps the page signed in, while other sign-ins end', async () => {
    const here = await signIn('nora');
    const elsewhere = await signIn('nora');
    await here.goto(`${shown.url}#/account`);
    await here.waitForSelector('.sessions li');
    expect(await axeProblems(here)).toEqual([]);
    await here.fill('input[name="current"]', 'a guess of mine');
    await here.fill('input[name="password"]', 'another long one');
    await here.click('button[type="submit"]');
    await here.waitForSelector('text=The present password is not right.');
    await here.fill('input[name="current"]', password);
    await here.click('button[type="submit"]');
    await here.waitForSelector('text=The password is changed.');
    await elsewhere.waitForSelector('.sign-in');
    await eventually(async () => expect(await here.locator('.sessions li').count()).toBe(1));
    await signIn('nora', 'en', 'another long one');
    expect(shown.browser.errors).toEqual([]);
  });
});
