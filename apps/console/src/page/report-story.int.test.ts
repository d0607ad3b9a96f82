import { eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { writeUser } from '../server/auth/account-changes.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';
import { writeReportRecords } from '../test-support/write-report-records.ts';
import { lastDays } from './reports/last-days.ts';

const password = 'a long password';
const days = 7;
const maxTouches = 4;

/** What the operator of a site does on Monday, with no more than the page. */
requires('chromium')('an operator who prints last week', () => {
  let folder: TempFolder;
  let shown: ShownHouse;

  beforeAll(async () => {
    folder = await tempFolder('report-story');
    await writeReportRecords(folder.file('records'), { rooms: 24, days: 30 });
    const users = folder.file('users.json');
    await writeUser(users, { name: 'oscar', display_name: 'Oscar Ops', role: 'operator' }, password);
    shown = await showHouse(fakeRooms(4), ['--users-file', users, '--reports-dir', folder.file('records')]);
  });
  afterAll(async () => {
    await shown?.stop();
    await folder?.remove();
  });

  const cells = (window: Page) =>
    window.locator('.report-summary td').evaluateAll((found) => found.map(({ textContent }) => textContent));

  it('signs in, opens the reports, and has a few sheets with the numbers that the page shows', async () => {
    const window = await shown.browser.open(shown.url);
    await window.evaluate('window.print = () => { window.printed = (window.printed ?? 0) + 1; }');
    let touches = 0;
    const touch = async (selector: string): Promise<void> => {
      touches += 1;
      await window.click(selector);
    };
    await window.fill('input[name="name"]', 'oscar');
    await window.fill('input[name="password"]', password);
    await touch('button[type="submit"]');
    await touch('nav a[href="#/reports"]');
    const { from, to } = lastDays(days, 'Europe/Madrid');
    await touch('button:has-text("Last 7 days")');
    await window.waitForSelector(`[data-report^="${from} ${to}"]`);
    await touch('.actions button:has-text("Print")');
    await eventually(async () => expect(await window.evaluate('window.printed')).toBe(1));
    expect(touches).toBeLessThanOrEqual(maxTouches);

    const onScreen = await cells(window);
    expect(onScreen.length).toBeGreaterThan(5);
    await window.emulateMedia({ media: 'print' });
    await eventually(async () => expect(await cells(window)).toEqual(onScreen));
    await eventually(async () => expect(await window.locator('nav').first().isVisible()).toBe(false));
    const paper = (await window.pdf({ format: 'A4' })).toString('latin1');
    const sheets = paper.match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(sheets).toBeGreaterThan(0);
    expect(sheets).toBeLessThanOrEqual(6);
  });
});
