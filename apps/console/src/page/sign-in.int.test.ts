import { eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { writeUser } from '../server/auth/account-changes.ts';
import { axeProblems } from '../test-support/axe.ts';
import { bedZone, fakeRooms } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';

const password = 'a long password';

requires('chromium')('signing in, roles and zones, in a browser behind the path of a reverse proxy', () => {
  let folder: TempFolder;
  let shown: ShownHouse;
  let house: ShownHouse['house'];

  beforeAll(async () => {
    folder = await tempFolder('users');
    const users = folder.file('users.json');
    await writeUser(users, { name: 'vera', display_name: 'Vera Look', role: 'viewer' }, password);
    await writeUser(users, { name: 'ana', display_name: 'Ana Ruiz', role: 'nurse' }, password);
    await writeUser(users, { name: 'tom', display_name: 'Tom Tech', role: 'technician' }, password);
    shown = await showHouse(fakeRooms(4), ['--users-file', users, '--base-path', '/house']);
    house = shown.house;
    await house.incident({ incident_id: 'inc-1', source_id: 1 });
  });
  afterAll(async () => {
    await shown?.stop();
    await folder?.remove();
  });

  const signIn = async (name: string): Promise<Page> => {
    const window = await shown.browser.open(shown.url);
    await window.fill('input[name="name"]', name);
    await window.fill('input[name="password"]', password);
    await window.click('button[type="submit"]');
    await window.waitForSelector('.alarm');
    return window;
  };

  it('refuses a wrong password and shows nothing of the site', async () => {
    const window = await shown.browser.open(shown.url);
    await window.fill('input[name="name"]', 'ana');
    await window.fill('input[name="password"]', 'wrong password');
    await window.click('button[type="submit"]');
    await window.waitForSelector('.trouble:not(:empty)');
    expect(await axeProblems(window)).toEqual([]);
    await eventually(async () => expect(await window.locator('.tile').count()).toBe(0));
  });

  it('shows a viewer everything and lets them do nothing', async () => {
    const window = await signIn('vera');
    await window.waitForSelector('.tile[data-room="1"][data-condition="fall"]');
    await eventually(async () => expect(await window.locator('.alarm button').count()).toBe(0));
    await eventually(async () => expect(await window.locator('nav a').count()).toBe(4));
    await window.goto(`${shown.url}#/processors`);
    await window.waitForSelector('[data-processor="processor-a"]');
    await eventually(async () => expect(await window.locator('form').count()).toBe(0));
  });

  it('signs what a carer does with the name of the account, and ends with signing out', async () => {
    const window = await signIn('ana');
    await eventually(async () => expect(await window.locator('.alarm input').count()).toBe(0));
    await window.click('.alarm button.main');
    await window.waitForSelector('[data-room="1"][data-condition="helping"]');
    expect(house.heard.at(-1)).toMatchObject({ command: 'acknowledge', params: { by: 'Ana Ruiz' } });
    await window.click('.menu summary');
    await window.click('.menu-body >> text=Sign out');
    await window.waitForSelector('.sign-in');
    await window.reload();
    await window.waitForSelector('.sign-in');
    await house.incident({ incident_id: 'inc-1', source_id: 1, state: 'open' });
  });

  it('lets a technician draw zones, with the mouse and with the keyboard', async () => {
    const window = await signIn('tom');
    await window.goto(`${shown.url}#/zones/2`);
    await window.click('button:text-is("Add a zone")');
    const rows = window.locator('.zone-row');
    // only these may lie over the zone of the bed
    await rows.nth(1).locator('select[name="kind"]').selectOption('ignore');
    const corners = window.locator('.corner.zone-ignore');
    const [box, frame] = await Promise.all([
      corners.first().boundingBox(),
      window.locator('.zone-editor').boundingBox(),
    ]);
    if (box === null || frame === null) throw new Error('the editor is not visible');
    await window.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await window.mouse.down();
    await window.mouse.move(frame.x + frame.width * 0.1, frame.y + frame.height * 0.2, { steps: 4 });
    await window.mouse.up();
    await corners.nth(1).focus();
    for (const key of ['ArrowRight', 'Shift+ArrowDown']) {
      await window.keyboard.press(key);
    }
    await window.click('button:text-is("Save")');
    await window.waitForSelector('text=Saved.');
    const saved = house.heard.at(-1);
    expect(saved).toMatchObject({ command: 'set_zones', target_instances: ['processor-b'], params: { source_id: 2 } });
    const [bed, ignored] = (saved?.params?.zones ?? []) as (typeof bedZone)[];
    expect(bed).toEqual(bedZone);
    expect(ignored?.kind).toBe('ignore');
    expect(ignored?.points[0]?.[0]).toBeCloseTo(0.1, 1);
    expect(ignored?.points[0]?.[1]).toBeCloseTo(0.2, 1);
    expect(ignored?.points[1]?.[0]).toBeCloseTo(0.65, 2);
    expect(ignored?.points[1]?.[1]).toBeCloseTo(0.44, 2);
    expect(shown.browser.errors).toEqual([]);
    expect(shown.browser.outside).toEqual([]);
  });
});
