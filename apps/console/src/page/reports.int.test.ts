import type { YearTruth } from '@vigilia/simulated-site';
import { eventually, requires, type TempFolder, tempFolder } from '@vigilia/testing';
import type { Page } from 'playwright-core';
import { axeProblems } from '../test-support/axe.ts';
import { fakeRooms } from '../test-support/fake-messages.ts';
import { screenshot } from '../test-support/screenshot.ts';
import { type ShownHouse, showHouse } from '../test-support/show-house.ts';
import { writeReportRecords } from '../test-support/write-report-records.ts';

requires('chromium')('the reports of a site, in a browser', () => {
  let folder: TempFolder;
  let shown: ShownHouse;
  let from: string;
  let truth: YearTruth;

  beforeAll(async () => {
    folder = await tempFolder('reports');
    ({ from, truth } = await writeReportRecords(folder.path, { rooms: 24, days: 40 }));
    shown = await showHouse(fakeRooms(4), ['--no-auth', '--reports-dir', folder.path]);
  });
  afterAll(async () => {
    await shown?.stop();
    await folder?.remove();
  });

  async function open(language: 'en' | 'es' = 'en'): Promise<Page> {
    const window = await shown.browser.open(shown.url, { language });
    await window.goto(`${shown.url}#/reports`);
    await window.locator('.report-shift').waitFor();
    return window;
  }
  const key = (window: Page, name: string) =>
    window.locator('.report-summary tr', { has: window.locator('th', { hasText: name }) }).locator('td');

  it('opens with the last seven days, by keyboard shows the whole period, and counts what really happened', async () => {
    const window = await open();
    await window.locator('input[name="from"]').fill(from);
    await window.locator('input[name="to"]').fill(new Date().toISOString().slice(0, 10));
    await window.locator('input[name="to"]').press('Enter');
    await window.locator(`[data-report^="${from}"]`).waitFor();
    await eventually(async () =>
      expect(await key(window, 'Confirmed falls').textContent()).toBe(String(truth.total.true)),
    );
    await eventually(async () =>
      expect(await key(window, 'False alarms').first().textContent()).toBe(String(truth.total.false)),
    );
    await eventually(async () => expect(await window.locator('.report-rooms tbody tr').count()).toBe(24));
    // every alarm is in a bar of the weeks
    await eventually(async () =>
      expect(await window.locator('.report-weeks svg[role="img"] rect').count()).toBeGreaterThan(5),
    );
    await screenshot(window, 'desktop-reports');
    expect(await axeProblems(window)).toEqual([]);
  });

  it('shows one ward alone, in Spanish too', async () => {
    const window = await open('es');
    await window.locator('select[name="ward"]').selectOption('2');
    await window.getByRole('button', { name: 'Mostrar' }).click();
    await window.locator('[data-report$=" 2"]').waitFor();
    await eventually(async () => expect(await window.locator('.report-rooms tbody tr').count()).toBe(10));
    await eventually(async () =>
      expect(await window.locator('.reports').textContent()).toContain('Caídas confirmadas'),
    );
    expect(await axeProblems(window)).toEqual([]);
  });

  it('downloads the same report as CSV', async () => {
    const window = await open();
    const [download] = await Promise.all([window.waitForEvent('download'), window.getByText('Download CSV').click()]);
    expect(download.suggestedFilename()).toMatch(/^vigilia-\d{4}-\d{2}-\d{2}-\d{4}-\d{2}-\d{2}\.csv$/);
  });

  it('prints the report without the page around it, and the last shift alone', async () => {
    const window = await open();
    await window.evaluate('window.print = () => undefined');
    await window.emulateMedia({ media: 'print' });
    await eventually(async () => expect(await window.locator('header.bar').isVisible()).toBe(false));
    await eventually(async () => expect(await window.locator('.report-weeks').isVisible()).toBe(true));
    await window.evaluate(
      `[...document.querySelectorAll('button')].find((one) => one.textContent === 'Print last shift').click()`,
    );
    await eventually(async () => expect(await window.locator('.report-weeks').isVisible()).toBe(false));
    await eventually(async () => expect(await window.locator('.report-shift').isVisible()).toBe(true));
  });

  it('shows why a period cannot be shown, and keeps the report that is there', async () => {
    const window = await open();
    await window.locator('input[name="from"]').fill('2026-05-02');
    await window.locator('input[name="to"]').fill('2026-05-01');
    await window.locator('input[name="to"]').press('Enter');
    await eventually(async () =>
      expect(await window.locator('.reports .trouble').textContent()).toContain('2026-05-02'),
    );
    await eventually(async () => expect(await window.locator('.report-shift').isVisible()).toBe(true));
  });

  it('fits a phone without scrolling sideways', async () => {
    const window = await shown.browser.open(shown.url, { width: 390, height: 844 });
    await window.goto(`${shown.url}#/reports`);
    await window.locator('.report-shift').waitFor();
    await eventually(async () =>
      expect(await window.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true),
    );
  });
});
